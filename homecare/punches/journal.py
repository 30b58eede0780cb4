"""Reading punches as people look for them: of a day, a client, a worker. It only reads."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from homecare.kernel import db
from homecare.kernel.ids import AreaId, ClientId, PunchId, VisitId, WorkerId


@dataclass(frozen=True, slots=True)
class JournalRow:
    """A punch: what it claimed, and what was made of it. `place` is as claimed: `["line", "+33…"]`.

    `proof` is that of the gesture: a call-back lends its grade to the call that it proves (`best_proof`).
    `minimum` is the grade that was asked there at that instant; None when none was. Of a punch below it,
    `asker` and `payers` tell who asked for that much (`proof_minimum.Asked`). `place_check` is what the
    worker's telephone found out about the place; None when none was asked. `site` is the agreed place other
    than the home at which it was made. `signed` tells whether that telephone signed it, None for other ways
    of punching; `flags` are the `punches.signing.Flag`s of one that it signed, `missing` the entries left out
    before it.
    """

    id: PunchId
    punched_at: datetime
    received_at: datetime
    channel: str
    proof: str
    edge: str | None
    doubt: str | None
    place: list[object]
    site: str | None
    place_check: str | None
    client_id: ClientId | None
    client: str | None
    worker_id: WorkerId | None
    worker: str | None
    visit_id: VisitId | None
    service: str | None
    starts_at: datetime | None
    ends_at: datetime | None
    minimum: str | None
    asker: str | None = None
    payers: list[str] = field(default_factory=list)
    signed: bool | None = None
    flags: list[str] = field(default_factory=list)
    missing: int = 0

    @property
    def is_missed_call(self) -> bool:
        """Tell whether no code names its worker: the plan does, and whoever was rung back stayed."""
        return self.place[:1] == ["missed_call"]

    @property
    def is_below_minimum(self) -> bool:
        """Tell whether its proof is less than was asked: grades go from A, the best, to D."""
        return self.minimum is not None and self.proof > self.minimum


@dataclass(frozen=True, slots=True)
class Mark:
    """A place in the journal: a page goes on after the punch that ended the one before."""

    punched_at: datetime
    punch: PunchId


def list_journal(
    conn: db.Conn,
    *,
    since: datetime,
    until: datetime,
    area: AreaId | None = None,
    client: ClientId | None = None,
    worker: WorkerId | None = None,
    waiting_only: bool = False,
    below_minimum_only: bool = False,
    punch: PunchId | None = None,
    after: Mark | None = None,
    limit: int = 500,
) -> list[JournalRow]:
    """Return the punches made within [since, until), the latest first, within the actor's areas.

    With `after`, those that follow it in this order; with `punch`, that one alone.
    """
    return db.many(
        conn,
        JournalRow,
        """WITH shown AS (
           SELECT m.punch_id AS id, m.punched_at, p.received_at, m.channel,
                  best_proof(m.visit_id, m.edge, m.punched_at, p.proof) AS proof, m.edge, m.doubt,
                  p.claim -> 'where' AS place, site.name AS site,
                  -- A word about another home than the punch's own (a neighbour's code) says nothing.
                  CASE WHEN p.claim -> 'who' ->> 0 <> 'worker' THEN NULL
                       WHEN (p.claim -> 'details' ->> 'beside')::bigint <> coalesce(m.home_id, 0)
                           THEN 'unknown'
                       ELSE p.claim ->> 'place_check' END AS place_check,
                  h.client_id, trim(upper(c.last_name) || ' ' || c.first_name)
                      || coalesce(', ' || other_client(m.punch_id), '') AS client,
                  m.worker_id, trim(upper(w.last_name) || ' ' || w.first_name) AS worker,
                  m.visit_id, s.name AS service, v.starts_at, v.ends_at,
                  proof_minimum(h.client_id, m.punched_at) AS minimum,
                  CASE WHEN p.claim -> 'who' ->> 0 = 'worker'
                       THEN p.claim -> 'details' ? 'signed' END AS signed,
                  coalesce(e.flags, '{}') AS flags, coalesce(e.missing, 0) AS missing
           FROM punch_matches m
           JOIN punches p ON p.id = m.punch_id AND p.punched_at = m.punched_at
           LEFT JOIN homes h ON h.id = m.home_id
           LEFT JOIN clients c ON c.id = h.client_id
           LEFT JOIN workers w ON w.id = m.worker_id
           LEFT JOIN visits v ON v.id = m.visit_id
           LEFT JOIN services s ON s.id = v.service_id
           LEFT JOIN sites site ON site.id = claimed_site(p.claim)
           LEFT JOIN phone_entries e ON e.punch_id = m.punch_id
           WHERE m.punched_at >= %(since)s AND m.punched_at < %(until)s
             AND p.punched_at >= %(since)s AND p.punched_at < %(until)s
             AND (NOT %(waiting)s OR punch_waits(m.visit_id, m.doubt))
             AND (NOT %(below)s OR best_proof(m.visit_id, m.edge, m.punched_at, p.proof)
                                 > proof_minimum(h.client_id, m.punched_at))
             AND (%(punch)s::bigint IS NULL OR m.punch_id = %(punch)s)
             AND (%(client)s::bigint IS NULL OR h.client_id = %(client)s OR EXISTS (
                 SELECT FROM shared_punches o JOIN visits ov ON ov.id = o.visit_id
                 WHERE o.punch_id = m.punch_id AND ov.client_id = %(client)s))
             AND (%(worker)s::bigint IS NULL OR m.worker_id = %(worker)s)
             AND (%(area)s::bigint IS NULL OR coalesce(c.area_id, w.area_id) = %(area)s)
             AND (h.id IS NULL OR c.id IS NOT NULL)
             AND area_in_reach(coalesce(c.area_id, w.area_id))
             AND (%(after)s::bigint IS NULL OR (m.punched_at, m.punch_id) < (%(after_at)s, %(after)s))
           ORDER BY m.punched_at DESC, m.punch_id DESC LIMIT %(limit)s
           )
           SELECT shown.*, asked.asker, coalesce(asked.payers, '{}') AS payers
           FROM shown LEFT JOIN LATERAL (
               SELECT asker, payers FROM proof_asked(shown.client_id, shown.punched_at)
               WHERE shown.proof > shown.minimum
           ) asked ON true
           ORDER BY shown.punched_at DESC, shown.id DESC""",
        {
            "since": since,
            "until": until,
            "area": area,
            "client": client,
            "worker": worker,
            "waiting": waiting_only,
            "below": below_minimum_only,
            "punch": punch,
            "after": after and after.punch,
            "after_at": after and after.punched_at,
            "limit": limit,
        },
    )


def count_by_doubt(
    conn: db.Conn, *, since: datetime, until: datetime, area: AreaId | None = None
) -> Mapping[str | None, int]:
    """Return how many punches of [since, until) stand for each doubt; None counts those that are matched."""
    rows = conn.execute(
        """SELECT m.doubt, count(*)
           FROM punch_matches m
           LEFT JOIN homes h ON h.id = m.home_id LEFT JOIN clients c ON c.id = h.client_id
           LEFT JOIN workers w ON w.id = m.worker_id
           WHERE m.punched_at >= %(since)s AND m.punched_at < %(until)s
             AND (%(area)s::bigint IS NULL OR coalesce(c.area_id, w.area_id) = %(area)s)
             AND (h.id IS NULL OR c.id IS NOT NULL)
             AND area_in_reach(coalesce(c.area_id, w.area_id))
           GROUP BY m.doubt""",
        {"since": since, "until": until, "area": area},
    ).fetchall()
    return dict(rows)
