"""Reading punches: those that wait, those of a visit, the last ones, the attempts that failed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from homecare.kernel import db, jobs
from homecare.kernel.ids import AreaId, ClientId, HomeId, OrganisationId, PunchId, VisitId, WorkerId
from homecare.punches.model import Claim, read_claim


@dataclass(frozen=True, slots=True)
class PunchRow:
    """A punch with what was made of it, named for a screen."""

    id: PunchId
    punched_at: datetime
    received_at: datetime
    channel: str
    proof: str
    edge: str | None
    visit_id: VisitId | None
    doubt: str | None
    client: str | None
    worker: str | None


def list_punches(
    conn: db.Conn,
    *,
    since: datetime,
    until: datetime,
    waiting_only: bool = False,
    visit: VisitId | None = None,
    limit: int = 200,
) -> list[PunchRow]:
    """Return the punches made within [since, until), the latest first, within the actor's areas."""
    return db.many(
        conn,
        PunchRow,
        """SELECT m.punch_id AS id, m.punched_at, p.received_at, m.channel, p.proof, m.edge, m.visit_id,
                  m.doubt, upper(c.last_name) || ' ' || c.first_name
                      || coalesce(', ' || other_client(m.punch_id), '') AS client,
                  upper(w.last_name) || ' ' || w.first_name AS worker
           FROM punch_matches m
           JOIN punches p ON p.id = m.punch_id AND p.punched_at = m.punched_at
           LEFT JOIN homes h ON h.id = m.home_id LEFT JOIN clients c ON c.id = h.client_id
           LEFT JOIN workers w ON w.id = m.worker_id
           WHERE m.punched_at >= %(since)s AND m.punched_at < %(until)s
             AND p.punched_at >= %(since)s AND p.punched_at < %(until)s
             AND (NOT %(waiting)s OR punch_waits(m.visit_id, m.doubt))
             AND (%(visit)s::bigint IS NULL OR m.visit_id = %(visit)s OR EXISTS (
                 SELECT FROM shared_punches o WHERE o.punch_id = m.punch_id AND o.visit_id = %(visit)s))
             AND area_in_reach(coalesce((SELECT area_id FROM clients k WHERE k.id = h.client_id), w.area_id))
           ORDER BY m.punched_at DESC, m.punch_id DESC LIMIT %(limit)s""",
        {"since": since, "until": until, "waiting": waiting_only, "visit": visit, "limit": limit},
    )


@dataclass(frozen=True, slots=True)
class JournalRow:
    """A raw punch with its identity and what was made of it (nothing while it is not settled)."""

    id: PunchId
    channel: str
    source_ref: str
    punched_at: datetime
    received_at: datetime
    home_id: HomeId | None
    worker_id: WorkerId | None
    edge: str | None
    visit_id: VisitId | None
    doubt: str | None


def list_journal(conn: db.Conn, *, since: datetime, until: datetime) -> list[JournalRow]:
    """Return every raw punch made within [since, until), in the order in which they were kept."""
    return db.many(
        conn,
        JournalRow,
        """SELECT p.id, p.channel, p.source_ref, p.punched_at, p.received_at, m.home_id, m.worker_id, m.edge,
                  m.visit_id, m.doubt
           FROM punches p LEFT JOIN punch_matches m ON m.punch_id = p.id
           WHERE p.punched_at >= %s AND p.punched_at < %s ORDER BY p.id""",
        (since, until),
    )


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many punches wait for a person, and when the oldest and the latest were made; None: none waits."""

    count: int
    oldest_at: datetime | None
    latest_at: datetime | None


def count_waiting(conn: db.Conn, *, since: datetime, until: datetime, area: AreaId | None = None) -> Waiting:
    """Return how many punches of a period wait for a person, within the actor's areas."""
    return db.one(
        conn,
        Waiting,
        """SELECT count(*)::int AS count, min(m.punched_at) AS oldest_at,
                  max(m.punched_at) AS latest_at
           FROM punch_matches m
           LEFT JOIN homes h ON h.id = m.home_id LEFT JOIN clients c ON c.id = h.client_id
           LEFT JOIN workers w ON w.id = m.worker_id
           WHERE punch_waits(m.visit_id, m.doubt) AND m.punched_at >= %(since)s AND m.punched_at < %(until)s
             AND (%(area)s::bigint IS NULL OR coalesce(c.area_id, w.area_id) = %(area)s)
             AND (h.id IS NULL OR c.id IS NOT NULL)
             AND area_in_reach(coalesce(c.area_id, w.area_id))""",
        {"since": since, "until": until, "area": area},
    )


@dataclass(frozen=True, slots=True)
class MatchFound:
    """The match of a punch, as its receipt tells it."""

    punch_id: PunchId
    edge: str | None
    visit_id: VisitId | None
    doubt: str | None
    first_name: str | None


def find_matches(conn: db.Conn, punches: Sequence[PunchId]) -> dict[PunchId, MatchFound]:
    """Return the matches of these punches, by punch; those not settled yet are left out."""
    rows = db.many(
        conn,
        MatchFound,
        """SELECT m.punch_id, m.edge, m.visit_id, m.doubt, w.first_name
           FROM punch_matches m LEFT JOIN workers w ON w.id = m.worker_id WHERE m.punch_id = ANY (%s)""",
        (list(punches),),
    )
    return {row.punch_id: row for row in rows}


def read_claims(conn: db.Conn, since: PunchId, until: PunchId) -> list[tuple[PunchId, Claim]]:
    """Return the raw claims of the punches `since` to `until`, both included, that are not settled yet."""
    rows = conn.execute(
        """SELECT id, claim FROM punches p WHERE id BETWEEN %s AND %s
             AND NOT EXISTS (SELECT FROM punch_matches m WHERE m.punch_id = p.id) ORDER BY id""",
        (since, until),
    ).fetchall()
    return [(PunchId(id_), read_claim(claim)) for id_, claim in rows]


def is_settling(conn: db.Conn, organisation: OrganisationId, *, since: datetime) -> bool:
    """Tell whether a batch kept since then (real time) waits for its job: its visits are not known yet."""
    return jobs.is_waiting(conn, "settle_punches", organisation, since=since)


@dataclass(frozen=True, slots=True)
class RefusalRow:
    """An attempt that ended without a punch. `caller` is the number of the telephone, if it was one."""

    id: int
    area_id: AreaId | None
    channel: str
    status: str
    home_id: HomeId | None
    worker_id: WorkerId | None
    client: str | None
    worker: str | None
    caller: str | None
    at: datetime


def list_refusals(conn: db.Conn, *, since: datetime, until: datetime, limit: int = 50) -> list[RefusalRow]:
    """Return the failed attempts of a period, the latest first."""
    return db.many(
        conn,
        RefusalRow,
        """SELECT r.id, r.area_id, r.channel, r.status, r.home_id, r.worker_id,
                  upper(c.last_name) || ' ' || c.first_name AS client,
                  upper(w.last_name) || ' ' || w.first_name AS worker, r.caller, r.at
           FROM punch_refusals r LEFT JOIN homes h ON h.id = r.home_id
           LEFT JOIN clients c ON c.id = h.client_id LEFT JOIN workers w ON w.id = r.worker_id
           WHERE r.at >= %s AND r.at < %s ORDER BY r.at DESC, r.id DESC LIMIT %s""",
        (since, until, limit),
    )


@dataclass(frozen=True, slots=True)
class CallTask:
    """Something that is left to do for a coordinator. Numbers are E.164.

    `subject` is the line's number or the tag's token that it is about, if it is about one.
    `has_sound`: what the worker said can be heard; None where nothing was said.
    """

    id: int
    kind: str
    area_id: AreaId | None
    visit_id: VisitId | None
    client: str | None
    home_number: str | None
    worker: str | None
    worker_number: str | None
    has_sound: bool | None
    at: datetime
    done_at: datetime | None
    client_id: ClientId | None
    subject: str | None


def list_call_tasks(conn: db.Conn, *, open_only: bool = True) -> list[CallTask]:
    """Return what calls left to do, the oldest first."""
    return db.many(
        conn,
        CallTask,
        """SELECT t.id, t.kind, t.area_id, t.visit_id,
                  trim(upper(c.last_name) || ' ' || c.first_name) AS client,
                  (SELECT min(number) FROM home_lines l WHERE l.home_id = h.id) AS home_number,
                  upper(w.last_name) || ' ' || w.first_name AS worker, w.phone AS worker_number,
                  CASE WHEN t.recording IS NOT NULL
                       THEN EXISTS (SELECT FROM voice_notes n WHERE n.task_id = t.id) END AS has_sound,
                  t.at, t.done_at, h.client_id, t.subject
           FROM call_tasks t LEFT JOIN homes h ON h.id = t.home_id
           LEFT JOIN clients c ON c.id = h.client_id LEFT JOIN workers w ON w.id = t.worker_id
           WHERE NOT %s OR t.done_at IS NULL ORDER BY t.at, t.id""",
        (open_only,),
    )


def find_device(conn: db.Conn, name: str) -> OrganisationId | None:
    """Return the organisation of a registered device."""
    return db.value(conn, OrganisationId, "SELECT find_device(%s)", (name,))
