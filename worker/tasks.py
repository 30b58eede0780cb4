"""The single list of background jobs."""

from functools import partial

import psycopg
from procrastinate import App, JobContext, RetryStrategy

from homecare.alerts.operations import close_from_visits
from homecare.kernel.ids import OrganisationId, PunchId, RunId
from homecare.punches.ledger.sealing import seal_days
from homecare.punches.operations import settle_range
from homecare.punches.silence import watch_silence
from homecare.punches.voice_notes import erase_notes
from homecare.visits.optimisation import find_run, note_failure
from optimizer.run import optimise as do_run
from worker.stamps import stamp_seals
from worker.work import Work

# Ended by an outage of the database: nothing of it was committed, it is tried until it can be.
UNTIL_THE_DATABASE_IS_BACK = RetryStrategy(wait=2, retry_exceptions=(psycopg.OperationalError,))
INTERRUPTED = "L’optimisation a été interrompue : rien n’a été changé. Vous pouvez la relancer."


def register_tasks(app: App, work: Work) -> None:
    """Register every job, bound to what it works with."""
    _register_ledger(app, work)

    @app.task(name="settle_punches", retry=UNTIL_THE_DATABASE_IS_BACK)
    def settle_punches(*, organisation: int, since: int, until: int) -> None:
        """Match the punches of a large batch, which was kept and acknowledged already."""
        with work.transaction(OrganisationId(organisation)) as conn:
            now = work.now(conn)
            visits = settle_range(conn, PunchId(since), PunchId(until), now=now)
            close_from_visits(conn, visits, now=now)

    @app.periodic(cron="40 3 * * *")
    @app.task(name="watch_silence", queueing_lock="watch_silence", retry=UNTIL_THE_DATABASE_IS_BACK)
    def watch_silent_lines(timestamp: int) -> None:  # noqa: ARG001 - when it was due
        """Tell each organisation which of its lines and tags serve no more."""
        for organisation in work.organisations():
            with work.transaction(organisation) as conn:
                watch_silence(conn, organisation, now=work.now(conn))

    @app.periodic(cron="50 3 * * *")
    @app.task(name="erase_notes", queueing_lock="erase_notes", retry=UNTIL_THE_DATABASE_IS_BACK)
    def erase_voice_notes(timestamp: int) -> None:  # noqa: ARG001 - when it was due
        """Erase what was said at departures and has been dealt with."""
        for organisation in work.organisations():
            with work.transaction(organisation) as conn:
                erase_notes(conn, now=work.now(conn))

    @app.task(name="optimise", queue="optimisation", retry=UNTIL_THE_DATABASE_IS_BACK, pass_context=True)
    def optimise(context: JobContext, *, organisation: int, run: int) -> None:
        """Plan an area's day and propose the differences. A run that was cut short is not begun again."""
        serving = partial(work.transaction, OrganisationId(organisation))
        if context.job.attempts:
            with serving() as conn:
                if find_run(conn, RunId(run)).status == "running":
                    note_failure(conn, RunId(run), INTERRUPTED, now=work.now(conn))
                    return
        do_run(RunId(run), transaction=serving, travel=work.travel, now=work.now)


def _register_ledger(app: App, work: Work) -> None:
    @app.periodic(cron="10 * * * *")
    @app.task(name="seal_ledgers", queueing_lock="seal_ledgers", retry=UNTIL_THE_DATABASE_IS_BACK)
    def seal_ledgers(timestamp: int) -> None:  # noqa: ARG001 - when it was due; what is over is sealed
        """Seal the days that are over in each organisation's ledger."""
        for organisation in work.organisations():
            with work.transaction(organisation) as conn:
                seal_days(conn, organisation, now=work.now(conn))

    if work.settings.timestamp_url:

        @app.periodic(cron="20 * * * *")
        @app.task(name="stamp_seals", queueing_lock="stamp_seals", retry=UNTIL_THE_DATABASE_IS_BACK)
        def ask_for_stamps(timestamp: int) -> None:  # noqa: ARG001 - when it was due
            """Have new seals stamped by the authority, and those for which it was away."""
            stamp_seals(work)
