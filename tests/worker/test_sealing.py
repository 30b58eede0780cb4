"""The job that seals ledgers: each organisation's, once."""

from datetime import UTC, datetime, timedelta

import pytest
from procrastinate import App

from homecare.kernel import db
from homecare.kernel.clock import Clock
from homecare.kernel.ids import OrganisationId
from homecare.kernel.settings import Settings
from homecare.punches.model import Channel, Claim
from homecare.punches.operations import record
from tests.database import Database
from worker.link import PatientConnector
from worker.tasks import register_tasks
from worker.work import Work

DAY_BEFORE = datetime.now(UTC) - timedelta(days=2)


@pytest.fixture
def organisations(database: Database) -> list[OrganisationId]:
    """Two organisations that took one punch the day before yesterday."""
    made = [database.create_organisation(name) for name in ("Les Tilleuls", "La Passerelle")]
    for organisation in made:
        with database.connect(organisation) as conn:
            claim = Claim(organisation, Channel.BOX, "one", DAY_BEFORE)
            record(conn, [claim], core_instance="core-1", now=DAY_BEFORE)
    return made


def test_a_day_that_is_over_is_sealed_once_in_each_organisation(
    database: Database, template: Settings, organisations: list[OrganisationId]
) -> None:
    work = Work(template.model_copy(update={"database_url": database.app}), clock=Clock())
    app = App(connector=PatientConnector())
    register_tasks(app, work)
    work.open()
    try:
        for _ in range(2):
            app.tasks["seal_ledgers"].func(timestamp=0)
    finally:
        work.close()
    for organisation in organisations:
        with database.connect(organisation) as conn:
            assert db.values(conn, int, "SELECT lines FROM ledger_seals ORDER BY day")[:1] == [1]
