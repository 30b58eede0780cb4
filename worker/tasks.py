"""The single list of background jobs."""

from functools import partial

from procrastinate import App

from homecare.alerts.operations import close_from_visits
from homecare.kernel.ids import OrganisationId, PunchId, RunId
from homecare.punches.operations import settle_range
from optimizer.run import optimise as do_run
from worker.work import Work


def register_tasks(app: App, work: Work) -> None:
    """Register every job, bound to what it works with."""

    @app.task(name="settle_punches")
    def settle_punches(*, organisation: int, since: int, until: int) -> None:
        """Match the punches of a large batch, which was kept and acknowledged already."""
        with work.transaction(OrganisationId(organisation)) as conn:
            now = work.now(conn)
            visits = settle_range(conn, PunchId(since), PunchId(until), now=now)
            close_from_visits(conn, visits, now=now)

    @app.task(name="optimise", queue="optimisation")
    def optimise(*, organisation: int, run: int) -> None:
        """Plan an area's day and propose the differences."""
        serving = partial(work.transaction, OrganisationId(organisation))
        do_run(RunId(run), transaction=serving, travel=work.travel, now=work.now)
