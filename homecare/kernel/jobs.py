"""Background jobs: deferred in the caller's transaction, run by the worker program (`worker/`)."""

from datetime import datetime

from procrastinate import App, SyncPsycopgConnector

from homecare.kernel import db
from homecare.kernel.ids import OrganisationId

# Never opened: a job is always inserted through the connection of the business transaction.
_app = App(connector=SyncPsycopgConnector())


def defer(
    conn: db.Conn, task: str, organisation: OrganisationId, *, queue: str = "default", **ids: int
) -> int:
    """Defer the task in this transaction and return the job's id: no commit, no job.

    A task takes ids only, reads the rest, and may run twice.
    """
    return _app.configure_task(task, queue=queue, connection=conn).defer(organisation=organisation, **ids)


def is_waiting(conn: db.Conn, task: str, organisation: OrganisationId, *, since: datetime) -> bool:
    """Tell whether such a job of the organisation, deferred since then, has not ended yet.

    `since` is real time. A job could not be done before the database started: that is when it counts from.
    """
    found = db.value(
        conn,
        bool,
        """SELECT EXISTS (
               SELECT FROM procrastinate_jobs j
               WHERE j.status IN ('todo', 'doing') AND j.task_name = %s AND j.args ->> 'organisation' = %s
                 AND (pg_postmaster_start_time() > %s
                      OR EXISTS (SELECT FROM procrastinate_events e
                                 WHERE e.job_id = j.id AND e.type = 'deferred' AND e.at > %s)))""",
        (task, str(organisation), since, since),
    )
    return bool(found)
