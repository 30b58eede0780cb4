"""Wires the program: settings, clock, connections, tasks, queue."""

import asyncio

import structlog
from procrastinate import App

from homecare.kernel import logs
from homecare.kernel.clock import Clock
from homecare.kernel.settings import read_settings
from worker.link import PatientConnector, make_pool
from worker.serving import serve
from worker.tasks import register_tasks
from worker.work import Work

log = structlog.get_logger()


def main() -> None:
    """Run jobs until stopped."""
    settings = read_settings()
    logs.configure(settings.log_format)
    work = Work(settings, clock=Clock())
    work.open()
    connector = PatientConnector()
    app = App(connector=connector)
    register_tasks(app, work)
    log.info("worker.started")
    asyncio.run(serve(app, connector, make_pool(settings.database_url)))
    work.close()
