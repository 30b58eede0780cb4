"""Runs of the optimiser and what they propose: asked, followed, stopped, applied by a planner or dropped.

The optimiser itself (`optimizer/`) computes; here is what is kept of it. Applying refuses stale visits as a
whole: half a plan may break a rule that the full one respects.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from psycopg.types.json import Jsonb

from homecare.kernel import audit, db, jobs
from homecare.kernel.errors import InvalidError, NotFoundError, StaleError
from homecare.kernel.ids import AreaId, OrganisationId, RunId, UserId, VisitId
from homecare.visits.assignment import RefusedMoveError
from homecare.visits.fitness import is_blocked
from homecare.visits.model import Change, NewChange, Run
from homecare.visits.operations import move_visit
from homecare.visits.planning import find_planned
from homecare.visits.trials import try_on


def request_optimisation(
    conn: db.Conn,
    actor: audit.ByUser,
    organisation: OrganisationId,
    *,
    area: AreaId,
    day: date,
    seed: int,
    seconds: int,
    now: datetime,
) -> RunId:
    """Ask for a plan of an area's day: the run and its job, in one transaction."""
    run = db.insert(
        conn,
        RunId,
        """INSERT INTO optimisation_runs (area_id, day, seed, seconds, asked_by, asked_at)
           VALUES (%s, %s, %s, %s, %s, %s) RETURNING id""",
        (area, day, seed, seconds, UserId(actor.id), now),
    )
    jobs.defer(conn, "optimise", organisation, queue="optimisation", run=run)
    audit.record(
        conn,
        actor,
        "visits.request_optimisation",
        run,
        now=now,
        after={"area": area, "day": day.isoformat(), "seed": seed},
    )
    return run


def find_run(conn: db.Conn, run: RunId) -> Run:
    """Return a run. Raises `NotFoundError`, also for a run over an area out of reach."""
    return db.one(
        conn,
        Run,
        """SELECT r.id, r.area_id, a.name AS area, r.day, r.seed, r.seconds, r.status, r.asked_by,
                  u.name AS asked_by_name, r.asked_at, r.started_at, r.ended_at, r.stop_asked,
                  r.progress, r.instance_hash, r.outcome, r.failure
           FROM optimisation_runs r JOIN areas a ON a.id = r.area_id LEFT JOIN users u ON u.id = r.asked_by
           WHERE r.id = %s""",
        (run,),
    )


def list_runs(conn: db.Conn, *, limit: int = 20) -> list[Run]:
    """Return the latest runs within reach, the newest first."""
    return db.many(
        conn,
        Run,
        """SELECT r.id, r.area_id, a.name AS area, r.day, r.seed, r.seconds, r.status, r.asked_by,
                  u.name AS asked_by_name, r.asked_at, r.started_at, r.ended_at, r.stop_asked,
                  r.progress, r.instance_hash, r.outcome, r.failure
           FROM optimisation_runs r JOIN areas a ON a.id = r.area_id LEFT JOIN users u ON u.id = r.asked_by
           ORDER BY r.asked_at DESC, r.id DESC LIMIT %s""",
        (limit,),
    )


def start_run(
    conn: db.Conn, run: RunId, *, instance: Mapping[str, object], instance_hash: str, now: datetime
) -> bool:
    """Take the run in hand and archive its inputs. False when another worker has it already."""
    return (
        db.write(
            conn,
            """UPDATE optimisation_runs
               SET status = 'running', started_at = %s, instance = %s, instance_hash = %s
               WHERE id = %s AND status = 'asked'""",
            (now, Jsonb(instance), instance_hash, run),
        )
        == 1
    )


def read_instance(conn: db.Conn, run: RunId) -> Mapping[str, object]:
    """Return the archived inputs of a run. Raises `NotFoundError` when it has not begun."""
    found = db.value(conn, dict[str, object], "SELECT instance FROM optimisation_runs WHERE id = %s", (run,))
    if found is None:
        raise NotFoundError("Cette optimisation n’a pas commencé : ses données ne sont pas encore archivées.")
    return found


def note_progress(conn: db.Conn, run: RunId, point: Mapping[str, object]) -> bool:
    """Add a point to the run's curve and tell whether somebody asked it to stop."""
    stop = db.value(
        conn,
        bool,
        """UPDATE optimisation_runs SET progress = progress || %s::jsonb
           WHERE id = %s RETURNING stop_asked""",
        (Jsonb([dict(point)]), run),
    )
    return bool(stop)


def ask_stop(conn: db.Conn, actor: audit.Actor, run: RunId, *, now: datetime) -> None:
    """Ask the run to stop and keep the best plan found so far."""
    conn.execute("UPDATE optimisation_runs SET stop_asked = true WHERE id = %s", (run,))
    audit.record(conn, actor, "visits.stop_optimisation", run, now=now)


def save_proposal(
    conn: db.Conn,
    run: RunId,
    changes: Sequence[NewChange],
    *,
    outcome: Mapping[str, object],
    now: datetime,
) -> None:
    """Keep what the run proposes: one row for each visit that would change, and the figures of both plans."""
    with conn.cursor() as cursor:
        cursor.executemany(
            """INSERT INTO proposal_changes (run_id, visit_id, revision, worker_id, starts_at)
               VALUES (%s, %s, %s, %s, %s)""",
            [(run, one.visit_id, one.revision, one.worker_id, one.starts_at) for one in changes],
        )
    conn.execute(
        "UPDATE optimisation_runs SET status = 'proposed', ended_at = %s, outcome = %s WHERE id = %s",
        (now, Jsonb(outcome), run),
    )


def note_failure(conn: db.Conn, run: RunId, sentence: str, *, now: datetime) -> None:
    """Note that a run failed, with a sentence that the planner can understand."""
    conn.execute(
        "UPDATE optimisation_runs SET status = 'failed', ended_at = %s, failure = %s WHERE id = %s",
        (now, sentence, run),
    )


def list_changes(conn: db.Conn, run: RunId) -> list[Change]:
    """Return the proposal as differences, by proposed worker and start."""
    return db.many(
        conn,
        Change,
        """SELECT p.visit_id, upper(c.last_name) || ' ' || c.first_name AS client,
                  v.worker_id AS from_worker_id, upper(f.last_name) || ' ' || f.first_name AS from_worker,
                  p.worker_id AS to_worker_id, upper(t.last_name) || ' ' || t.first_name AS to_worker,
                  v.starts_at AS from_start, p.starts_at AS to_start,
                  p.applied_at IS NULL AND v.revision <> p.revision AS stale, p.applied_at
           FROM proposal_changes p
           JOIN visits v ON v.id = p.visit_id JOIN clients c ON c.id = v.client_id
           LEFT JOIN workers f ON f.id = v.worker_id LEFT JOIN workers t ON t.id = p.worker_id
           WHERE p.run_id = %s
           ORDER BY t.last_name NULLS LAST, t.first_name, p.starts_at""",
        (run,),
    )


def apply_proposal(conn: db.Conn, actor: audit.Actor, run: RunId, *, now: datetime) -> list[VisitId]:
    """Apply the whole proposal and return the visits that changed.

    Raises `StaleError` when one of them changed since the run read it, `RefusedMoveError` when a worker can
    no longer take one of them (another visit was given to them at that hour, they left, a skill ended),
    `InvalidError` when the run has no proposal to apply (any more). The caller publishes, and arms the
    alerts, in the same transaction.
    """
    taken = db.write(
        conn, "UPDATE optimisation_runs SET status = 'applied' WHERE id = %s AND status = 'proposed'", (run,)
    )
    if not taken:
        raise InvalidError("Cette proposition a déjà été appliquée ou abandonnée.")
    changes = db.many(
        conn,
        NewChange,
        "SELECT visit_id, revision, worker_id, starts_at FROM proposal_changes WHERE run_id = %s",
        (run,),
    )
    workers = [change.worker_id for change in changes]
    conn.execute("SELECT FROM workers WHERE id = ANY (%s) ORDER BY id FOR UPDATE", (workers,))
    for change in changes:
        try:
            move_visit(
                conn,
                actor,
                change.visit_id,
                revision=change.revision,
                worker=change.worker_id,
                starts_at=change.starts_at,
                now=now,
            )
        except InvalidError as begun:
            raise StaleError(str(begun)) from begun
    for change in changes:
        _refuse_what_fits_no_more(conn, change)
    conn.execute("UPDATE proposal_changes SET applied_at = %s WHERE run_id = %s", (now, run))
    audit.record(conn, actor, "visits.apply_proposal", run, now=now, after={"changes": len(changes)})
    return [change.visit_id for change in changes]


def _refuse_what_fits_no_more(conn: db.Conn, change: NewChange) -> None:
    """Look at a visit that was just moved among all that its worker has now, whatever the run knew of it.

    Working time is not judged again: the optimiser did so with real ways, a trial only estimates them.
    """
    if change.worker_id is None:
        return
    visit = find_planned(conn, change.visit_id)
    trial = try_on(conn, visit, change.worker_id, starts_at=change.starts_at)
    if trial is None:
        raise StaleError("Un intervenant de cette proposition n’est plus accessible avec votre compte.")
    if is_blocked(trial.reasons):
        raise RefusedMoveError(f"{trial.worker.name} ne peut plus prendre cette intervention.", trial, visit)


def drop_proposal(conn: db.Conn, actor: audit.Actor, run: RunId, *, now: datetime) -> None:
    """Give the proposal up; it stays in the history."""
    conn.execute(
        "UPDATE optimisation_runs SET status = 'dropped' WHERE id = %s AND status = 'proposed'", (run,)
    )
    audit.record(conn, actor, "visits.drop_proposal", run, now=now)
