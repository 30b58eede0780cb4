"""Runs jobs until the program is told to stop, through any outage of the database.

What a worker left behind when it was killed is taken up again: tasks may run twice.
"""

import asyncio
import contextlib
import signal

import structlog
from procrastinate import App
from procrastinate.exceptions import ConnectorException
from psycopg_pool import AsyncConnectionPool

from worker.link import PatientConnector

# Jobs wait for each other in queues: a long optimisation never holds up the settling of punches.
CONCURRENCY = 3
# Notices of new jobs are lost during an outage: looking is what finds those.
LOOK_SECONDS = 2.0
STALLED_SECONDS = 10.0
AGAIN_SECONDS = 1.0

log = structlog.get_logger()


async def serve(app: App, connector: PatientConnector, pool: AsyncConnectionPool) -> None:
    """Run the jobs of `app` until SIGTERM or SIGINT; jobs that run then are waited for."""
    stopping = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stopping.set)
    async with pool, app.open_async(pool):
        parts = [asyncio.create_task(part) for part in (_work_on(app, connector), _take_up_stalled(app))]
        told = asyncio.create_task(stopping.wait())
        await asyncio.wait([*parts, told], return_when=asyncio.FIRST_COMPLETED)
        connector.hurry()
        for task in (*parts, told):
            task.cancel()
        for part in parts:  # a part that broke down surfaces here
            with contextlib.suppress(asyncio.CancelledError):
                await part


async def _work_on(app: App, connector: PatientConnector) -> None:
    """Work; begin anew when the queue forgot this worker, which was silent for as long as the database."""
    while not connector.is_hurried:
        try:
            await app.run_worker_async(
                concurrency=CONCURRENCY,
                delete_jobs="successful",
                fetch_job_polling_interval=LOOK_SECONDS,
                install_signal_handlers=False,
            )
        except ConnectorException as error:
            log.warning("worker.cut_off", error=type(error.__cause__).__name__)
        await connector.pause(AGAIN_SECONDS)


async def _take_up_stalled(app: App) -> None:
    """Put back what a dead worker was at: seen so twice, or an outage would make every worker look dead."""
    before: set[int | None] = set()
    while True:
        try:
            stalled = {job.id: job for job in await app.job_manager.get_stalled_jobs()}
            for id_ in before & stalled.keys():
                log.warning("job.taken_up", job=id_, task=stalled[id_].task_name)
                await app.job_manager.retry_job(stalled[id_])
            before = set(stalled)
        except ConnectorException as error:  # another worker has put it back
            log.warning("job.not_taken_up", error=type(error.__cause__).__name__)
        await asyncio.sleep(STALLED_SECONDS)
