"""The job that has seals stamped, with an authority that answers, is away, or answers nonsense."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from procrastinate import App

from homecare.kernel import db
from homecare.kernel.clock import Clock
from homecare.kernel.ids import OrganisationId
from homecare.kernel.settings import Settings
from homecare.punches.ledger.sealing import list_seals, seal_days
from homecare.punches.ledger.stamping import list_stamps
from homecare.punches.ledger.verify_ledger import read_token
from homecare.punches.model import Channel, Claim
from homecare.punches.operations import record
from simulators.timestamp_authority.authority import Authority
from simulators.timestamp_authority.site import serving
from tests.database import Database
from worker.link import PatientConnector
from worker.tasks import register_tasks
from worker.work import Work

NOW = datetime.now(UTC)
ALL = {"since": date(2020, 1, 1), "until": date(2100, 1, 1)}


@pytest.fixture
def organisations(database: Database) -> list[OrganisationId]:
    """Two organisations, each with sealed days."""
    made = [database.create_organisation(name) for name in ("Les Tilleuls", "La Passerelle")]
    for organisation in made:
        with database.connect(organisation) as conn:
            at = NOW - timedelta(days=3)
            record(conn, [Claim(organisation, Channel.BOX, "one", at)], core_instance="core-1", now=at)
            assert seal_days(conn, organisation, now=NOW)
    return made


@pytest.fixture
def settings(template: Settings, database: Database) -> Settings:
    return template.model_copy(update={"database_url": database.app})


def run_job(settings: Settings, url: str) -> None:
    work = Work(settings.model_copy(update={"timestamp_url": url}), clock=Clock())
    app = App(connector=PatientConnector())
    register_tasks(app, work)
    work.open()
    try:
        app.tasks["stamp_seals"].func(timestamp=0)
    finally:
        work.close()


def stamped(database: Database, organisation: OrganisationId) -> Iterator[tuple[bytes, bytes]]:
    """Yield each seal of the organisation with the digest of its token."""
    with database.connect(organisation) as conn:
        stamps = list_stamps(conn, **ALL)
        for one in list_seals(conn, **ALL):
            yield one.seal, read_token(stamps[one.day].token)[0] if one.day in stamps else b""


def test_every_seal_of_each_organisation_is_stamped_once(
    database: Database, settings: Settings, organisations: list[OrganisationId], authority: Authority
) -> None:
    asked: list[bytes] = []

    def answer(query: bytes) -> bytes:
        asked.append(query)
        return authority.answer(query)

    with serving(answer) as url:
        run_job(settings, url)
        for organisation in organisations:
            pairs = list(stamped(database, organisation))
            assert len(pairs) >= 2
            assert all(seal == digest for seal, digest in pairs)
        before = len(asked)
        run_job(settings, url)
    assert len(asked) == before


def test_an_authority_that_is_away_loses_nothing_and_is_asked_again(
    database: Database, settings: Settings, organisations: list[OrganisationId], authority: Authority
) -> None:
    with serving(authority.answer) as url:
        pass  # nobody listens there any more
    run_job(settings, url)
    assert {digest for _, digest in stamped(database, organisations[0])} == {b""}
    with serving(authority.answer) as url:
        run_job(settings, url)
    for organisation in organisations:
        assert all(seal == digest for seal, digest in stamped(database, organisation))


@pytest.mark.parametrize("answer", [b"", b"nonsense", b"0" * 70_000])
def test_an_answer_that_is_no_token_is_not_kept(
    database: Database, settings: Settings, organisations: list[OrganisationId], answer: bytes
) -> None:
    with serving(lambda _: answer) as url:
        run_job(settings, url)
    with database.connect(organisations[0]) as conn:
        assert db.value(conn, int, "SELECT count(*) FROM ledger_stamps") == 0


def test_a_token_that_answers_an_earlier_question_is_not_kept(
    database: Database, settings: Settings, organisations: list[OrganisationId], authority: Authority
) -> None:
    asked: list[bytes] = []

    def replay(query: bytes) -> bytes:
        asked.append(query)
        return authority.answer(asked[0])

    with serving(replay) as url:
        run_job(settings, url)
    assert [seal == digest for seal, digest in stamped(database, organisations[0])][:2] == [True, False]


@pytest.mark.parametrize(("url", "runs"), [("", False), ("https://authority.example/", True)])
def test_the_job_exists_only_where_an_authority_is_set(settings: Settings, url: str, *, runs: bool) -> None:
    app = App(connector=PatientConnector())
    register_tasks(app, Work(settings.model_copy(update={"timestamp_url": url}), clock=Clock()))
    assert ("stamp_seals" in app.tasks) is runs
