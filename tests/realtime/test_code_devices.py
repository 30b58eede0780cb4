"""A code device at work: real calls from any telephone, dated by the device."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from homecare.clients.code_devices import add_code_device
from homecare.clients.rolling_code import provisioning_address
from homecare.kernel.sealing import Sealer
from simulators.code_device.device import Device
from telephony.speech import Phrase, time_of
from tests.acceptance.phone import Phone
from tests.builders import ACTOR
from tests.features import feature
from tests.realtime.agency import Agency


@pytest.fixture
def phone(agency: Agency, tmp_path: Path) -> Phone:
    return Phone(agency, tmp_path / "heard.wav")


@pytest.fixture
def device(agency: Agency) -> Device:
    sealer, now = Sealer(agency.settings.tag_key), datetime.now(UTC)
    with agency.connect() as conn:
        secret = add_code_device(conn, ACTOR, agency.home.home, "Tablette", sealer=sealer, now=now)
    return Device.provision(provisioning_address(secret, "Tablette"))


@feature("P10", "N3")
def test_a_code_of_the_device_keyed_on_a_hidden_number_later_is_an_arrival_at_the_devices_time(
    phone: Phone, device: Device
) -> None:
    arrived = datetime.now(UTC) - timedelta(minutes=25)
    visit = phone.agency.plan_visit(minutes_from_now=-25)
    report = phone.call(None, (1.0, device.show(arrived)), (1.5, phone.agency.worker.code))
    assert report["ended_by"] == "them"
    ((at, edge, of),) = phone.rows("SELECT punched_at, edge, visit_id FROM punch_matches")
    assert (edge, of) == ("arrival", visit)
    assert timedelta() <= arrived - at < timedelta(seconds=30)
    assert phone.rows("SELECT proof FROM punches") == [("A",)]
    assert phone.heard(Phrase.ARRIVAL_AT)
    assert phone.heard(time_of(at))


@feature("P10")
def test_a_code_that_has_served_says_so_and_the_next_one_is_taken_in_the_same_call(
    phone: Phone, device: Device
) -> None:
    now = datetime.now(UTC)
    phone.agency.plan_visit(minutes_from_now=-10)
    first, second = device.show(now - timedelta(minutes=9)), device.show(now - timedelta(minutes=1))
    phone.call(None, (1.0, first), (1.5, phone.agency.worker.code))
    phone.call(None, (1.0, first), (1.5, phone.agency.worker.code), (6.5, second))
    assert phone.heard(Phrase.ROLLING_USED)
    edges = phone.rows("SELECT edge, doubt FROM punch_matches ORDER BY punched_at")
    assert [edge for edge, _ in edges][:1] == ["arrival"]
    assert len(edges) == 2
    assert phone.rows("SELECT proof FROM punches") == [("A",), ("A",)]
