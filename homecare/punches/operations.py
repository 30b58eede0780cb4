"""Writing punches: record a batch of claims, note what ended without one, note what devices say."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from psycopg.types.json import Jsonb

from homecare.kernel import audit, db, jobs
from homecare.kernel.errors import NotFoundError
from homecare.kernel.ids import AreaId, HomeId, OrganisationId, PunchId, UserId, VisitId, WorkerId
from homecare.punches.judging import judge
from homecare.punches.keeping import keep
from homecare.punches.model import Channel, Claim, Doubt, Edge, Receipt, Status
from homecare.punches.queries import find_matches, read_claims
from homecare.punches.settling import Settled, settle

# Beyond this many a batch is kept first and settled by a job: what is acknowledged is the keeping.
SETTLED_AT_ONCE = 32
_ACTOR = audit.BySystem("punches")


def record(conn: db.Conn, claims: Sequence[Claim], *, core_instance: str, now: datetime) -> list[Receipt]:
    """Record a batch of claims of one organisation and return a receipt for each, in order.

    The transaction is the caller's and serves that organisation already. When it commits, every claim is
    stored once; a resend gets the first answer again, the same key with another content is a conflict.
    """
    if not claims:
        return []
    kept = keep(conn, claims, core_instance=core_instance, now=now)
    new = [(one.punch, one.claim) for one in kept if one.status is Status.STORED]
    if len(new) <= SETTLED_AT_ONCE:
        settle_and_tell(conn, new, now=now)
    else:
        ids = [punch for punch, _ in new]
        jobs.defer(conn, "settle_punches", claims[0].organisation, since=min(ids), until=max(ids))
    found = find_matches(conn, [one.punch for one in kept])
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
    return [one.match.visit for one in settled if one.match.visit is not None]


def settle_and_tell(
    conn: db.Conn, punches: Sequence[tuple[PunchId, Claim]], *, now: datetime
) -> list[Settled]:
    """Settle punches, leave their trace and tell the live boards."""
    if not punches:
        return []
    settled = settle(conn, punches, now=now)
    judge(conn, punches)
    audit.record_all(
        conn,
        _ACTOR,
        "punches.settle",
        [
            (made.punch, {"visit": made.match.visit, "edge": made.match.edge, "doubt": made.match.doubt})
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
    """What a call leaves to do. `source_ref` is the call's: the same call leaves it once."""

    kind: str
    source_ref: str
    at: datetime
    visit: VisitId | None = None
    home: HomeId | None = None
    worker: WorkerId | None = None
    recording: str | None = None


def leave_call_task(conn: db.Conn, organisation: OrganisationId, left: LeftByCall) -> None:
    """Leave a task for a coordinator: call back, or listen to a concern."""
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
        """INSERT INTO call_tasks (area_id, kind, visit_id, home_id, worker_id, recording, source_ref, at)
           VALUES (%s, %s, %s, %s, %s, %s, %s, %s)
           ON CONFLICT ON CONSTRAINT task_kept_once DO NOTHING RETURNING id""",
        (area, left.kind, left.visit, left.home, left.worker, left.recording, left.source_ref, left.at),
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


def store_task_answers(conn: db.Conn, visit: VisitId, answers: Mapping[str, str], *, now: datetime) -> None:
    """Keep what was answered for each task of the visit; a later answer replaces an earlier one."""
    for task, answer in answers.items():
        conn.execute(
            """INSERT INTO task_answers (visit_id, task, answer, at) VALUES (%s, %s, %s, %s)
               ON CONFLICT (visit_id, task) DO UPDATE SET answer = excluded.answer, at = excluded.at""",
            (visit, task, answer, now),
        )


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


def note_device_status(
    conn: db.Conn, organisation: OrganisationId, device: str, *, online: bool, at: datetime
) -> None:
    """Note that a device came or went; the board shows it."""
    touched = db.write(
        conn, "UPDATE devices SET online = %s, seen_at = %s WHERE name = %s", (online, at, device)
    )
    if touched:
        note_device_event(conn, device, "online" if online else "offline", {}, at=at)
        db.notify_board(conn, organisation, None, "device", 0)
