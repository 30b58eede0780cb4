"""Background jobs: deferred in the caller's transaction, run by the worker program (`worker/`)."""

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
