"""Rolling codes on a real database: dated by the device, valid once and for a week, told apart."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import pytest

from homecare.clients.code_devices import add_code_device, list_code_devices, retire_code_device
from homecare.clients.rolling_code import provisioning_address
from homecare.kernel import db
from homecare.kernel.errors import InvalidError, NotFoundError
from homecare.kernel.ids import OrganisationId, code_hash
from homecare.kernel.sealing import SealedError, Sealer
from homecare.punches.code_reading import date_by_device
from homecare.punches.lockout import ONE_WORKER, note_wrong_device_code
from homecare.punches.model import (
    Channel,
    Claim,
    CodeDevice,
    Doubt,
    Edge,
    Proof,
    Receipt,
    RollingCode,
    Status,
    WorkerCode,
)
from homecare.punches.operations import record
from simulators.code_device.device import Device
from tests.builders import (
    ACTOR,
    CODE_KEY,
    MORNING,
    MadeHome,
    MadeWorker,
    make_area,
    make_client,
    make_visit,
    make_worker,
)
from tests.database import Database
from tests.features import feature

SEALER = Sealer("a master key of the tests")
MADE = MORNING - timedelta(days=200)


@dataclass
class Desk:
    """A home with a device, a worker who goes there today, and what the telephone would claim."""

    conn: db.Conn
    organisation: OrganisationId
    home: MadeHome
    worker: MadeWorker
    secret: bytes

    def device(self, *, seconds_fast: float = 0.0) -> Device:
        return Device.provision(provisioning_address(self.secret, "Tablette"), seconds_fast=seconds_fast)

    def claim(self, code: str, *, at: datetime, call: str = "phone-1-1.0", rank: int = 1) -> Claim:
        return Claim(
            organisation=self.organisation,
            channel=Channel.PHONE,
            source_ref=f"{call}-{rank}",
            punched_at=at,
            where=RollingCode(code, at),
            who=WorkerCode(code_hash(CODE_KEY, self.organisation, self.worker.code)),
            details={"called": "+33800000000", "caller": None},
        )

    def record(self, claim: Claim) -> Receipt:
        dated = date_by_device(self.conn, [claim], sealer=SEALER, clock_at=lambda real: real)
        return record(self.conn, dated, core_instance="core-t", now=MORNING + timedelta(days=9))[0]

    def statuses(self) -> list[str]:
        return db.values(self.conn, str, "SELECT status FROM punch_refusals ORDER BY id")

    def learnt(self) -> int:
        (device,) = list_code_devices(self.conn, self.home.home)
        return device.drift


@pytest.fixture
def desk(conn: db.Conn, organisation: OrganisationId) -> Desk:
    home = make_client(conn, make_area(conn))
    worker = make_worker(conn, organisation, make_area(conn))
    secret = add_code_device(conn, ACTOR, home.home, "Tablette", sealer=SEALER, now=MADE)
    return Desk(conn, organisation, home, worker, secret)


@feature("P10", "N3")
def test_a_code_keyed_days_later_is_a_punch_at_the_devices_time_with_the_best_proof(desk: Desk) -> None:
    visit = make_visit(desk.conn, desk.home, desk.worker.id)
    arrived = MORNING + timedelta(minutes=2)
    receipt = desk.record(desk.claim(desk.device().show(arrived), at=MORNING + timedelta(days=6)))
    assert (receipt.status, receipt.visit, receipt.edge) == (Status.STORED, visit, Edge.ARRIVAL)
    assert timedelta() <= arrived - receipt.punched_at < timedelta(seconds=30)
    assert db.values(desk.conn, str, "SELECT proof FROM punches") == [Proof.A.value]


@feature("P10", "N3")
def test_a_code_serves_one_call_and_that_call_as_often_as_it_is_sent_again(desk: Desk) -> None:
    make_visit(desk.conn, desk.home, desk.worker.id)
    claim = desk.claim(desk.device().show(MORNING), at=MORNING + timedelta(minutes=1))
    first = desk.record(claim)
    again = desk.record(claim)
    assert (again.status, again.punch, again.punched_at) == (Status.DUPLICATE, first.punch, first.punched_at)
    other = desk.record(replace(claim, source_ref="phone-1-2.0-1"))
    assert (other.visit, other.doubt) == (None, Doubt.UNKNOWN_HOME)
    assert desk.statuses() == ["rolling_used"]


@feature("P10")
@pytest.mark.parametrize(
    ("spoil", "status"),
    [
        (lambda desk: f"{(int(desk.device().show(MORNING)) + 1) % 10**8:08}", "rolling_wrong"),
        (lambda desk: desk.device().show(MORNING - timedelta(days=7, minutes=2)), "rolling_expired"),
        (lambda desk: desk.device().show(MORNING + timedelta(minutes=45)), "rolling_wrong"),
    ],
)
def test_a_wrong_and_an_expired_code_prove_nothing_and_are_told_apart(
    desk: Desk, spoil: Callable[[Desk], str], status: str
) -> None:
    make_visit(desk.conn, desk.home, desk.worker.id)
    for call in ("phone-1-1.0", "phone-1-2.0"):
        receipt = desk.record(desk.claim(spoil(desk), at=MORNING, call=call))
        assert receipt.doubt is Doubt.UNKNOWN_HOME
    assert desk.statuses() == [status, status]
    assert set(db.values(desk.conn, str, "SELECT proof FROM punches")) == {Proof.D.value}


@feature("P10")
def test_a_device_that_was_retired_is_inactive(desk: Desk) -> None:
    make_visit(desk.conn, desk.home, desk.worker.id)
    (device,) = list_code_devices(desk.conn, desk.home.home)
    retire_code_device(desk.conn, ACTOR, desk.home.home, device.id, now=MORNING)
    desk.record(desk.claim(desk.device().show(MORNING), at=MORNING + timedelta(minutes=1)))
    assert desk.statuses() == ["rolling_inactive"]
    with pytest.raises(NotFoundError):
        retire_code_device(desk.conn, ACTOR, desk.home.home, device.id, now=MORNING)


def test_a_stand_in_without_a_visit_there_proves_a_presence_by_a_fresh_code_only(desk: Desk) -> None:
    device = desk.device()
    fresh = desk.claim(device.show(MORNING), at=MORNING + timedelta(minutes=3))
    dated = date_by_device(desk.conn, [fresh], sealer=SEALER, clock_at=lambda real: real)
    assert isinstance(dated[0].where, CodeDevice)
    old = desk.claim(device.show(MORNING - timedelta(hours=1)), at=MORNING, call="phone-1-2.0")
    assert date_by_device(desk.conn, [old], sealer=SEALER, clock_at=lambda real: real) == [old]
    assert desk.statuses() == ["rolling_wrong"]


@feature("N3")
def test_the_drift_of_a_device_is_learnt_and_its_punches_are_dated_right(desk: Desk) -> None:
    make_visit(desk.conn, desk.home, desk.worker.id)
    fast = desk.device(seconds_fast=300)
    for day in range(3):
        read = MORNING + timedelta(days=day)
        desk.record(desk.claim(fast.show(read), at=read + timedelta(seconds=5), call=f"phone-1-{day}.0"))
    assert desk.learnt() == 10
    read = MORNING + timedelta(days=4)
    receipt = desk.record(desk.claim(fast.show(read), at=read + timedelta(hours=5), call="phone-1-9.0"))
    assert abs(receipt.punched_at - read) <= timedelta(seconds=30)


def test_after_too_many_wrong_codes_a_worker_keeps_the_present_code_and_loses_those_of_the_week(
    desk: Desk,
) -> None:
    make_visit(desk.conn, desk.home, desk.worker.id)
    for _ in range(ONE_WORKER.wrong):
        note_wrong_device_code(desk.conn, desk.worker.id, now=MORNING)
    at = MORNING + timedelta(hours=2)
    old = desk.claim(desk.device().show(MORNING), at=at)
    assert desk.record(old).doubt is Doubt.UNKNOWN_HOME
    present = desk.record(desk.claim(desk.device().show(at), at=at, call="phone-1-2.0"))
    assert present.doubt is not Doubt.UNKNOWN_HOME


def test_secrets_are_sealed_and_open_nothing_elsewhere(desk: Desk) -> None:
    (sealed,) = db.values(desk.conn, bytes, "SELECT secret FROM code_devices")
    assert desk.secret not in bytes(sealed)
    for sealer, owner in ((SEALER, "another"), (Sealer("another master key"), "x"), (Sealer(), "x")):
        with pytest.raises(SealedError):
            sealer.open(bytes(sealed), owner=owner)
    with pytest.raises(InvalidError):
        Sealer().seal(b"secret", owner="x")
    with pytest.raises(InvalidError):
        add_code_device(desk.conn, ACTOR, desk.home.home, "  ", sealer=SEALER, now=MORNING)


def test_a_device_of_another_organisation_proves_nothing(desk: Desk, shared_database: Database) -> None:
    another_organisation = shared_database.create_organisation("Un autre réseau")
    code = desk.device().show(MORNING)
    db.use_organisation(desk.conn, another_organisation)
    worker = make_worker(desk.conn, another_organisation, make_area(desk.conn))
    stranger = replace(desk, organisation=another_organisation, worker=worker)
    claim = stranger.claim(code, at=MORNING + timedelta(minutes=1))
    assert date_by_device(desk.conn, [claim], sealer=SEALER, clock_at=lambda real: real) == [claim]
    assert stranger.statuses() == ["rolling_wrong"]
