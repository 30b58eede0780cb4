"""What payers ask of punches: each its own minimum, the strictest holds, and whose it is is told."""

from datetime import date, timedelta

import pytest

from homecare.clients.code_devices import add_code_device
from homecare.clients.rolling_code import provisioning_address
from homecare.kernel import db
from homecare.kernel.errors import NotFoundError
from homecare.kernel.ids import ClientId, OrganisationId, PayerId, code_hash
from homecare.payers.client_payers import add_client_payer, set_last_day
from homecare.payers.model import PayerKind
from homecare.payers.operations import add_payer, restore_payer, retire_payer
from homecare.punches.code_reading import date_by_device
from homecare.punches.journal import list_journal
from homecare.punches.model import (
    Channel,
    Claim,
    Home,
    Line,
    Proof,
    Qr,
    RollingCode,
    SignedInWorker,
    Status,
    Sun,
    Where,
    Who,
    WorkerCode,
)
from homecare.punches.operations import record
from homecare.punches.proof_minimum import (
    Asked,
    find_minimum,
    list_minimums,
    list_payers_minimums,
    set_minimum,
)
from simulators.code_device.device import Device
from tests.builders import (
    ACTOR,
    CODE_KEY,
    MORNING,
    MadeHome,
    make_area,
    make_client,
    make_visit,
    make_worker,
)
from tests.database import Database
from tests.features import feature
from tests.tags import SEALER, make_sun_tag

DAY = timedelta(days=1)
TODAY = MORNING.date()


@pytest.fixture
def home(conn: db.Conn) -> MadeHome:
    return make_client(conn, make_area(conn))


def add(conn: db.Conn, name: str, minimum: Proof | None, since: date = TODAY) -> PayerId:
    payer = add_payer(conn, ACTOR, PayerKind.OTHER, name, now=MORNING)
    set_minimum(conn, ACTOR, None, minimum, since=since, now=MORNING, payer=payer)
    return payer


def pay(conn: db.Conn, client: ClientId, payer: PayerId, since: date = TODAY) -> int:
    return add_client_payer(conn, ACTOR, client, payer, since=since, now=MORNING)


def ask(conn: db.Conn, client: ClientId | None, minimum: Proof | None) -> None:
    set_minimum(conn, ACTOR, client, minimum, since=TODAY, now=MORNING)


def test_a_payer_asks_where_it_pays_and_nowhere_else(conn: db.Conn, home: MadeHome) -> None:
    payer = add(conn, "Département", Proof.B)
    assert find_minimum(conn, home.client, MORNING) is None
    pay(conn, home.client, payer)
    assert find_minimum(conn, home.client, MORNING) == Asked("B", None, ["Département"])
    assert find_minimum(conn, make_client(conn, make_area(conn)).client, MORNING) is None
    assert find_minimum(conn, None, MORNING) is None


def test_the_strictest_of_several_payers_holds_and_is_named(conn: db.Conn, home: MadeHome) -> None:
    for name, minimum in (("Mutuelle", Proof.C), ("Caisse", Proof.A), ("Aide", Proof.A), ("CCAS", None)):
        pay(conn, home.client, add(conn, name, minimum))
    assert find_minimum(conn, home.client, MORNING) == Asked("A", None, ["Aide", "Caisse"])


def test_a_payer_is_a_floor_under_the_clients_own_minimum_and_under_the_agencys(
    conn: db.Conn, home: MadeHome
) -> None:
    pay(conn, home.client, add(conn, "Département", Proof.B))
    ask(conn, None, Proof.A)
    assert find_minimum(conn, home.client, MORNING) == Asked("A", "agency", [])
    ask(conn, home.client, Proof.D)
    assert find_minimum(conn, home.client, MORNING) == Asked("B", None, ["Département"])
    ask(conn, home.client, Proof.B)
    assert find_minimum(conn, home.client, MORNING) == Asked("B", "client", ["Département"])
    ask(conn, home.client, Proof.A)
    assert find_minimum(conn, home.client, MORNING) == Asked("A", "client", [])


def test_a_payer_asks_on_its_days_alone_by_the_calendar_of_paris(conn: db.Conn, home: MadeHome) -> None:
    payer = add(conn, "Département", Proof.C, TODAY - 9 * DAY)
    set_minimum(conn, ACTOR, None, Proof.B, since=TODAY, now=MORNING, payer=payer)
    days = pay(conn, home.client, payer, TODAY - 5 * DAY)
    set_last_day(conn, ACTOR, home.client, days, TODAY + DAY, now=MORNING)
    # The first of the day is at midnight in Paris, an hour before it is in UTC.
    midnight = MORNING.replace(hour=23) - DAY

    def asked(days: int, minutes: int = 0) -> str | None:
        found = find_minimum(conn, home.client, midnight + days * DAY + timedelta(minutes=minutes))
        return None if found is None else found.minimum

    assert [asked(-5, -1), asked(-5), asked(0, -1), asked(0), asked(2, -1), asked(2)] == [
        None, "C", "C", "B", "B", None,
    ]  # fmt: skip


def test_a_retired_payer_asks_no_more_but_what_it_asked_stays_true(conn: db.Conn, home: MadeHome) -> None:
    payer = add(conn, "Département", Proof.B, TODAY - DAY)
    pay(conn, home.client, payer, TODAY - DAY)
    retire_payer(conn, ACTOR, payer, now=MORNING)
    assert find_minimum(conn, home.client, MORNING) is None
    assert find_minimum(conn, home.client, MORNING - DAY) == Asked("B", None, ["Département"])
    with pytest.raises(NotFoundError):
        set_minimum(conn, ACTOR, None, Proof.A, since=TODAY, now=MORNING, payer=payer)
    restore_payer(conn, ACTOR, payer, now=MORNING)
    assert find_minimum(conn, home.client, MORNING) == Asked("B", None, ["Département"])


def test_the_agencys_the_clients_and_each_payers_minimums_are_kept_apart(
    conn: db.Conn, home: MadeHome
) -> None:
    first, second = add(conn, "Département", Proof.B), add(conn, "Mutuelle", Proof.A)
    ask(conn, None, Proof.D)
    ask(conn, home.client, Proof.C)
    assert [one.minimum for one in list_minimums(conn, None)] == ["D"]
    assert [one.minimum for one in list_minimums(conn, home.client)] == ["C"]
    assert [one.minimum for one in list_minimums(conn, None, payer=first)] == ["B"]
    assert list_payers_minimums(conn, day=TODAY) == {first: "B", second: "A"}
    assert list_payers_minimums(conn, day=TODAY - DAY) == {}
    trail = conn.execute(
        "SELECT after ->> 'minimum' FROM audit_events WHERE action = %s AND subject_id = %s",
        ("punches.set_payer_minimum", first),
    ).fetchall()
    assert trail == [("B",)]


def test_another_organisations_payer_is_asked_nothing(database: Database) -> None:
    here, there = database.create_organisation(), database.create_organisation("Autre réseau")
    with database.connect(here) as conn:
        payer = add(conn, "Département", Proof.A)
    with database.connect(there) as conn:
        assert list_payers_minimums(conn, day=TODAY) == {}
        with pytest.raises(NotFoundError):
            set_minimum(conn, ACTOR, None, Proof.D, since=TODAY, now=MORNING, payer=payer)


@feature("N5")
def test_a_punch_is_marked_below_what_its_payer_asks_from_rolling_code_and_sun_tag_down_to_manual(
    conn: db.Conn, organisation: OrganisationId, home: MadeHome
) -> None:
    worker = make_worker(conn, organisation, make_area(conn))
    made = MORNING - 200 * DAY
    secret = add_code_device(conn, ACTOR, home.home, "Boîtier", sealer=SEALER, now=made)
    code = Device.provision(provisioning_address(secret, "Boîtier")).show(MORNING)
    tag = make_sun_tag(conn, home.home, now=made)
    make_visit(conn, home, worker.id)
    signed_in = SignedInWorker(worker.id)
    keyed = WorkerCode(code_hash(CODE_KEY, organisation, worker.code))
    ways: dict[str, tuple[Channel, Where, Who]] = {
        "rolling code": (Channel.PHONE, RollingCode(code, MORNING), keyed),
        "SUN tag": (Channel.NFC, Sun(tag.token, tag.message(4)), signed_in),
        "registered line": (Channel.PHONE, Line(home.line), keyed),
        "static QR": (Channel.QR, Qr(home.qr_token), signed_in),
        "manual": (Channel.MANUAL, Home(home.home), signed_in),
    }
    claims = [
        Claim(organisation, channel, way, MORNING + timedelta(minutes=minutes), where, who)
        for minutes, (way, (channel, where, who)) in enumerate(ways.items(), start=1)
    ]
    dated = date_by_device(conn, claims, sealer=SEALER, clock_at=lambda real: real)
    receipts = record(conn, dated, core_instance="core-t", now=MORNING + DAY, sealer=SEALER)
    assert {receipt.status for receipt in receipts} == {Status.STORED}
    way_of = {receipt.punch: way for receipt, way in zip(receipts, ways, strict=True)}

    def marked(*, only: bool) -> list[tuple[str, list[str]]]:
        since, until = MORNING - DAY, MORNING + DAY
        rows = list_journal(conn, since=since, until=until, below_minimum_only=only)
        return sorted((way_of[row.id], row.payers) for row in rows if row.is_below_minimum)

    payer = add(conn, "Département", None)
    pay(conn, home.client, payer)
    assert marked(only=False) == []
    below = {
        Proof.A: ["manual", "registered line", "static QR"],
        Proof.B: ["manual", "static QR"],
        Proof.C: ["manual"],
        Proof.D: [],
    }
    for minimum, ways_below in below.items():
        set_minimum(conn, ACTOR, None, minimum, since=TODAY, now=MORNING, payer=payer)
        for only in (False, True):
            assert marked(only=only) == [(way, ["Département"]) for way in ways_below]
    pay(conn, home.client, add(conn, "Mutuelle", Proof.B))
    assert marked(only=True) == [("manual", ["Mutuelle"]), ("static QR", ["Mutuelle"])]
    set_minimum(conn, ACTOR, None, Proof.A, since=TODAY, now=MORNING, payer=payer)
    assert marked(only=True) == [(way, ["Département"]) for way in below[Proof.A]]
