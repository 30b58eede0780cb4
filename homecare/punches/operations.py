"""Writing punches: record a batch of claims, note what ended without one, note what devices say."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from psycopg.types.json import Jsonb

from homecare.kernel import audit, db, jobs
from homecare.kernel.errors import NotFoundError
from homecare.kernel.ids import AreaId, HomeId, OrganisationId, PunchId, UserId, VisitId, WorkerId
from homecare.kernel.sealing import NO_KEY, Sealer
from homecare.punches.finding import find_workers
from homecare.punches.judging import judge, note_refused
from homecare.punches.keeping import keep
from homecare.punches.model import Channel, Claim, Doubt, Edge, Receipt, Status
from homecare.punches.place_exceptions import note_outside
from homecare.punches.queries import find_matches, read_claims
from homecare.punches.settling import Settled, settle
from homecare.punches.signing import entry_of
from homecare.punches.tag_judging import RefusedTap, judge_taps

# Beyond this many a batch is kept first and settled by a job: what is acknowledged is the keeping.
SETTLED_AT_ONCE = 32
_ACTOR = audit.BySystem("punches")


def record(
    conn: db.Conn,
    claims: Sequence[Claim],
    *,
    core_instance: str,
    now: datetime,
    sealer: Sealer = NO_KEY,
) -> list[Receipt]:
    """Record a batch of claims of one organisation and return a receipt for each, in order.

    The transaction is the caller's and serves that organisation already. When it commits, every claim is
    stored once; a resend gets the first answer again, the same key with another content is a conflict. A tap
    that proves nothing is refused, noted, and stored by nobody. `sealer` opens the tags' keys.
    """
    judged = judge_taps(conn, claims, sealer=sealer)
    claimed = [one for one in judged if isinstance(one, Claim)]
    stored = iter(_keep_and_settle(conn, claimed, core_instance=core_instance, now=now))
    return [next(stored) if isinstance(one, Claim) else _refuse(conn, one, now=now) for one in judged]


def _refuse(conn: db.Conn, tap: RefusedTap, *, now: datetime) -> Receipt:
    claim = tap.claim
    entry = entry_of(claim)
    if entry is not None:
        note_refused(conn, entry)
    worker = find_workers(conn, {claim.who}).get(claim.who)
    note_refusal(
        conn,
        claim.organisation,
        claim.channel,
        tap.refusal.value,
        source_ref=claim.source_ref,
        at=min(claim.punched_at, now),
        home=tap.home,
        worker=None if worker is None else worker.id,
    )
    return Receipt(claim.source_ref, Status.REFUSED, None, claim.punched_at, refusal=tap.refusal)


def _keep_and_settle(
    conn: db.Conn, claims: Sequence[Claim], *, core_instance: str, now: datetime
) -> list[Receipt]:
    if not claims:
        return []
    kept = keep(conn, claims, core_instance=core_instance, now=now)
    new = [(one.punch, one.claim) for one in kept if one.status is Status.STORED]
    met = {one.punch for one in kept}
    if len(new) <= SETTLED_AT_ONCE:
        settle_and_tell(conn, new, now=now)
    else:
        met -= {punch for punch, _ in new}  # nothing is known of these before their job
        ids = [punch for punch, _ in new]
        jobs.defer(conn, "settle_punches", claims[0].organisation, since=min(ids), until=max(ids))
    found = find_matches(conn, sorted(met)) if met else {}
    receipts: list[Receipt] = []
    for one in kept:
        row = found.get(one.punch)
        receipts.append(
            Receipt(
                source_ref=one.claim.source_ref,
                status=one.status,
                punch=one.punch,
                punched_at=one.punched_at,
                edge=None if row is None or row.edge is None else Edge(row.edge),
                visit=None if row is None else row.visit_id,
                worker_first_name=None if row is None else row.first_name,
                doubt=Doubt.PENDING if row is None else None if row.doubt is None else Doubt(row.doubt),
            )
        )
    return receipts


def settle_range(conn: db.Conn, since: PunchId, until: PunchId, *, now: datetime) -> list[VisitId]:
    """Settle the punches of a large batch, later; return the visits that advanced. May be run again."""
    settled = settle_and_tell(conn, read_claims(conn, since, until), now=now)
    return [visit for one in settled for visit in (one.match.visit, one.other) if visit is not None]


def settle_and_tell(
    conn: db.Conn, punches: Sequence[tuple[PunchId, Claim]], *, now: datetime
) -> list[Settled]:
    """Settle punches, leave their trace and tell the live boards."""
    if not punches:
        return []
    settled = settle(conn, punches, now=now)
    note_outside(conn, [(claim, made) for (_, claim), made in zip(punches, settled, strict=True)])
    judge(conn, punches)
    audit.record_all(
        conn,
        _ACTOR,
        "punches.settle",
        [
            (
                made.punch,
                {"visit": made.match.visit, "edge": made.match.edge, "doubt": made.match.doubt}
                | ({} if made.other is None else {"other": made.other}),
            )
            for made in settled
        ],
        now=now,
    )
    organisation = punches[0][1].organisation
    db.notify_board_all(conn, [(organisation, None, "punch", punch) for punch, _ in punches])
    return settled


def note_refusal(
    conn: db.Conn,
    organisation: OrganisationId,
    channel: Channel,
    status: str,
    *,
    source_ref: str,
    at: datetime,
    home: HomeId | None = None,
    worker: WorkerId | None = None,
    caller: str | None = None,
) -> None:
    """Note an attempt that ended without a punch, once per source reference and status.

    `caller` is the telephone number it came from, when there is one.
    """
    area = db.value(
        conn,
        AreaId,
        """SELECT coalesce(
               (SELECT c.area_id FROM homes h JOIN clients c ON c.id = h.client_id WHERE h.id = %s),
               (SELECT area_id FROM workers WHERE id = %s))""",
        (home, worker),
    )
    refusal = db.value(
        conn,
        int,
        """INSERT INTO punch_refusals (area_id, channel, source_ref, status, home_id, worker_id, at, caller)
           VALUES (%s, %s, %s, %s, %s, %s, %s, %s)
           ON CONFLICT ON CONSTRAINT refusal_kept_once DO NOTHING RETURNING id""",
        (area, channel.value, source_ref, status, home, worker, at, caller),
    )
    if refusal is not None:
        db.notify_board(conn, organisation, area, "refusal", refusal)


@dataclass(frozen=True, slots=True)
class LeftByCall:
    """What a call leaves to do. `source_ref` is the call's: the same call leaves it once.

    The night's watch over silent lines and tags leaves such tasks too: `subject` is the number or the token.
    """

    kind: str
    source_ref: str
    at: datetime
    visit: VisitId | None = None
    home: HomeId | None = None
    worker: WorkerId | None = None
    recording: str | None = None
    subject: str | None = None


def leave_call_task(conn: db.Conn, organisation: OrganisationId, left: LeftByCall) -> None:
    """Leave a task for a coordinator: call back, listen to a concern, see why a line is silent."""
    area = db.value(
        conn,
        AreaId,
        """SELECT coalesce(
               (SELECT area_id FROM visits WHERE id = %s),
               (SELECT c.area_id FROM homes h JOIN clients c ON c.id = h.client_id WHERE h.id = %s),
               (SELECT area_id FROM workers WHERE id = %s))""",
        (left.visit, left.home, left.worker),
    )
    task = db.value(
        conn,
        int,
        """INSERT INTO call_tasks (area_id, kind, visit_id, home_id, worker_id, recording, source_ref, at,
                                   subject)
           VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)
           ON CONFLICT ON CONSTRAINT task_kept_once DO NOTHING RETURNING id""",
        (
            area,
            left.kind,
            left.visit,
            left.home,
            left.worker,
            left.recording,
            left.source_ref,
            left.at,
            left.subject,
        ),
    )
    if task is not None:
        db.notify_board(conn, organisation, area, "task", task)


def close_call_task(conn: db.Conn, actor: audit.ByUser, task: int, *, now: datetime) -> None:
    """Note that a call left to do was given. Raises `NotFoundError` out of reach, or once it is done."""
    row = conn.execute(
        """UPDATE call_tasks SET done_at = %s, done_by = %s WHERE id = %s AND done_at IS NULL
           RETURNING organisation_id, area_id""",
        (now, UserId(actor.id), task),
    ).fetchone()
    if row is None:
        raise NotFoundError("Cette tâche est déjà faite, ou n’est pas accessible avec votre compte.")
    audit.record(conn, actor, "punches.close_call_task", task, now=now)
    db.notify_board(conn, row[0], row[1], "task", task)


def reopen_call_task(conn: db.Conn, actor: audit.ByUser, task: int, *, now: datetime) -> None:
    """Put back among what is left to do a task that was closed by mistake."""
    row = conn.execute(
        """UPDATE call_tasks SET done_at = NULL, done_by = NULL WHERE id = %s AND done_at IS NOT NULL
           RETURNING organisation_id, area_id""",
        (task,),
    ).fetchone()
    if row is None:
        raise NotFoundError("Cette tâche n’est pas close, ou n’est pas accessible avec votre compte.")
    audit.record(conn, actor, "punches.reopen_call_task", task, now=now)
    db.notify_board(conn, row[0], row[1], "task", task)


def register_device(conn: db.Conn, name: str, *, label: str, home: HomeId | None) -> None:
    """Register a box or reader of the organisation; `home` is where it stands, None at the agency."""
    conn.execute("INSERT INTO devices (name, label, home_id) VALUES (%s, %s, %s)", (name, label, home))


def note_device_event(
    conn: db.Conn, device: str, kind: str, details: Mapping[str, object], *, at: datetime
) -> None:
    """Remember something about a device, beside its punches."""
    conn.execute(
        "INSERT INTO device_events (device, at, kind, details) VALUES (%s, %s, %s, %s)",
        (device, at, kind, Jsonb(details)),
    )
