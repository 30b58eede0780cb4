"""Wires the program: settings, clock, connections, tasks, queue."""

import structlog
from procrastinate import App, PsycopgConnector

from homecare.kernel import logs
from homecare.kernel.clock import Clock
from homecare.kernel.settings import Settings, read_settings
from worker.tasks import register_tasks
from worker.work import Work

# Jobs wait for each other in queues: a long optimisation never holds up the settling of punches.
CONCURRENCY = 3

log = structlog.get_logger()


def make_app(settings: Settings, work: Work) -> App:
    """Return the queue's application with every task on it."""
    app = App(connector=PsycopgConnector(conninfo=settings.database_url))
    register_tasks(app, work)
    return app


def main() -> None:
    """Run jobs until stopped."""
    settings = read_settings()
    logs.configure(settings.log_format)
    work = Work(settings, clock=Clock())
    work.open()
    log.info("worker.started")
    make_app(settings, work).run_worker(concurrency=CONCURRENCY, delete_jobs="successful")
    work.close()
