"""The minimum of proof: by period, the client's before the agency's; told beside a punch, blocking none."""

from datetime import date, datetime, timedelta

import pytest

from homecare.kernel import db
from homecare.kernel.errors import NotFoundError
from homecare.kernel.ids import ClientId, OrganisationId
from homecare.punches.journal import list_journal
from homecare.punches.model import Channel, Claim, Home, Line, Proof, Qr, SignedInWorker, Status, Sun, Where
from homecare.punches.operations import record
from homecare.punches.proof_minimum import Minimum, find_minimum, list_minimums, set_minimum
from tests.builders import ACTOR, MORNING, MadeHome, make_area, make_client, make_visit, make_worker
from tests.database import Database
from tests.tags import SEALER, make_sun_tag

DAY = timedelta(days=1)
TODAY = MORNING.date()


@pytest.fixture
def home(conn: db.Conn) -> MadeHome:
    return make_client(conn, make_area(conn))


def ask(conn: db.Conn, client: ClientId | None, minimum: Proof | None, since: date = TODAY) -> None:
    set_minimum(conn, ACTOR, client, minimum, since=since, now=MORNING)


def asked(conn: db.Conn, client: ClientId | None, at: datetime = MORNING) -> Proof | None:
    found = find_minimum(conn, client, at)
    return None if found is None else Proof(found.minimum)


def test_nothing_is_asked_until_somebody_says_so(conn: db.Conn, home: MadeHome) -> None:
    assert asked(conn, home.client) is None
    assert asked(conn, None) is None


def test_a_clients_own_minimum_wins_over_the_agencys_stricter_or_not(conn: db.Conn, home: MadeHome) -> None:
    ask(conn, None, Proof.B)
    assert asked(conn, home.client) is Proof.B
    for own in (Proof.A, Proof.D):
        ask(conn, home.client, own)
        assert asked(conn, home.client) is own
    assert asked(conn, make_client(conn, make_area(conn)).client) is Proof.B
    ask(conn, home.client, None)
    assert asked(conn, home.client) is Proof.B


def test_what_was_asked_before_keeps_its_days(conn: db.Conn, home: MadeHome) -> None:
    ask(conn, home.client, Proof.C, TODAY - 10 * DAY)
    ask(conn, home.client, Proof.B, TODAY + 5 * DAY)
    ask(conn, home.client, Proof.A, TODAY)
    assert list_minimums(conn, home.client) == [
        Minimum("A", TODAY, None),
        Minimum("C", TODAY - 10 * DAY, TODAY),
    ]
    # The first of the day is at midnight in Paris, an hour before it is in UTC.
    midnight = MORNING.replace(hour=23) - DAY
    assert asked(conn, home.client, midnight) is Proof.A
    assert asked(conn, home.client, midnight - timedelta(minutes=1)) is Proof.C
    assert asked(conn, home.client, MORNING - 11 * DAY) is None


def test_each_punch_tells_its_grade_and_whether_it_is_below_what_was_asked(
    conn: db.Conn, organisation: OrganisationId, home: MadeHome
) -> None:
    worker = make_worker(conn, organisation, make_area(conn))
    tag = make_sun_tag(conn, home.home, now=MORNING - DAY)
    visit = make_visit(conn, home, worker.id)
    ask(conn, home.client, Proof.B)
    ways: dict[str, tuple[Channel, Where]] = {
        "sun": (Channel.NFC, Sun(tag.token, tag.message(4))),
        "line": (Channel.PHONE, Line(home.line)),
        "label": (Channel.QR, Qr(home.qr_token)),
        "word": (Channel.APP, Home(home.home)),
    }
    claims = [
        Claim(organisation, channel, name, MORNING + timedelta(minutes=n), where, SignedInWorker(worker.id))
        for n, (name, (channel, where)) in enumerate(ways.items())
    ]
    receipts = record(conn, claims, core_instance="core-t", now=MORNING + DAY, sealer=SEALER)
    assert {receipt.status for receipt in receipts} == {Status.STORED}
    assert receipts[0].visit == visit

    journal = list_journal(conn, since=MORNING - DAY, until=MORNING + DAY)
    told = [(row.proof, row.minimum, row.is_below_minimum) for row in reversed(journal)]
    assert told == [("A", "B", False), ("B", "B", False), ("C", "B", True), ("D", "B", True)]
    below = list_journal(conn, since=MORNING - DAY, until=MORNING + DAY, below_minimum_only=True)
    assert [row.proof for row in below] == ["D", "C"]


def test_a_minimum_is_one_agencys(database: Database) -> None:
    here, there = database.create_organisation(), database.create_organisation("Autre réseau")
    with database.connect(here) as conn:
        ask(conn, None, Proof.A)
        client = make_client(conn, make_area(conn)).client
    with database.connect(there) as conn:
        assert asked(conn, None) is None
        with pytest.raises(NotFoundError):
            ask(conn, client, Proof.A)
        trail = conn.execute("SELECT count(*) FROM audit_events").fetchone()
    assert trail == (0,)
