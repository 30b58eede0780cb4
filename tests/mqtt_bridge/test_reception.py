"""What happens to one message: recorded once, answered when final, refused with a trace, never half done."""

import asyncio
import json
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from homecare.punches.model import Badge, Channel, Device, Edge, Nobody, Sun, Tag
from mqtt_bridge import wire
from mqtt_bridge.reception import EventKind, receive_punch, receive_status
from mqtt_bridge.wire import Ack, AckStatus, Refusal
from tests.mqtt_bridge.recording import NOW, ORGANISATION, DatabaseAwayError, RecordingCore

GATEWAY = wire.Address("1", "gw-0001")
BOX = wire.Address("1", "box-0001")
PUNCH = wire.Punch("r-1", NOW - timedelta(seconds=3), badge="04A1")


def run[Result](coroutine: Coroutine[object, object, Result]) -> Result:
    """Run to the end, in a thread of its own: the browser's tests keep a loop going in this one."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, coroutine).result()


@pytest.fixture
def recording() -> RecordingCore:
    return RecordingCore()


def send(
    recording: RecordingCore, punch: wire.Punch | bytes = PUNCH, *, address: wire.Address = GATEWAY
) -> Ack | None:
    payload = punch if isinstance(punch, bytes) else wire.encode_punch(punch)
    return run(receive_punch(recording.core(), address, payload))


def test_a_badge_at_a_reader_becomes_a_claim_at_the_readers_place(recording: RecordingCore) -> None:
    assert send(recording) == Ack("r-1", AckStatus.STORED)

    [claim] = recording.claims.values()
    assert (claim.organisation, claim.channel) == (ORGANISATION, Channel.NFC)
    assert claim.source_ref == "gw-0001/r-1"
    assert claim.punched_at == PUNCH.at
    assert (claim.where, claim.who, claim.edge) == (Device("gw-0001"), Badge("04A1"), None)


def test_a_home_tag_brought_to_a_reader_names_the_home_itself(recording: RecordingCore) -> None:
    send(recording, wire.Punch("r-1", NOW, tag="tok"))

    [claim] = recording.claims.values()
    assert (claim.where, claim.who) == (Tag("tok"), Nobody())
    assert claim.details == {"device": "gw-0001"}


def test_a_home_tag_that_proves_itself_brings_its_proof(recording: RecordingCore) -> None:
    send(recording, wire.Punch("r-1", NOW, tag="tok", sun="e=0A&c=1B"))

    [claim] = recording.claims.values()
    assert claim.where == Sun("tok", "e=0A&c=1B")


def test_a_box_is_its_own_channel_and_may_say_which_end_of_the_visit(recording: RecordingCore) -> None:
    send(recording, replace(PUNCH, edge=wire.Edge.DEPARTURE), address=BOX)

    [claim] = recording.claims.values()
    assert (claim.channel, claim.where, claim.edge) == (Channel.BOX, Device("box-0001"), Edge.DEPARTURE)


def test_the_claim_is_on_the_agencys_clock_and_the_check_on_the_machines(recording: RecordingCore) -> None:
    core = replace(recording.core(), at=lambda real: real + timedelta(days=400))

    run(receive_punch(core, GATEWAY, wire.encode_punch(PUNCH)))

    [claim] = recording.claims.values()
    assert claim.punched_at == PUNCH.at + timedelta(days=400)


def test_a_resend_is_answered_as_a_duplicate_and_recorded_once(recording: RecordingCore) -> None:
    send(recording)
    assert send(recording) == Ack("r-1", AckStatus.DUPLICATE)
    assert len(recording.claims) == 1


def test_the_same_reference_from_two_devices_is_two_punches(recording: RecordingCore) -> None:
    send(recording)
    assert send(recording, address=BOX) == Ack("r-1", AckStatus.STORED)
    assert len(recording.claims) == 2


def test_the_same_reference_with_another_content_is_a_conflict(recording: RecordingCore) -> None:
    send(recording)
    assert send(recording, replace(PUNCH, badge="04A2")) == Ack("r-1", AckStatus.CONFLICT)


def test_what_the_core_only_keeps_is_not_answered_so_that_the_device_sends_again(
    recording: RecordingCore,
) -> None:
    recording.keeps = True
    assert send(recording) is None
    recording.keeps = False
    assert send(recording) == Ack("r-1", AckStatus.STORED)


def test_while_the_core_can_do_nothing_nobody_is_answered(recording: RecordingCore) -> None:
    recording.away = True
    with pytest.raises(DatabaseAwayError):
        send(recording)
    with pytest.raises(DatabaseAwayError):
        send(recording, b"bonjour")


@pytest.mark.parametrize(
    ("late", "refusal"),
    [
        (timedelta(minutes=-5, seconds=-1), Refusal.FUTURE),
        (timedelta(minutes=-5), None),
        (timedelta(days=30), None),
        (timedelta(days=30, seconds=1), Refusal.ANCIENT),
    ],
)
def test_a_time_in_the_future_or_too_long_ago_is_refused_and_noted(
    recording: RecordingCore, late: timedelta, refusal: Refusal | None
) -> None:
    answer = send(recording, replace(PUNCH, at=NOW - late))

    if refusal is None:
        assert answer == Ack("r-1", AckStatus.STORED)
        assert recording.events == []
    else:
        assert answer == Ack("r-1", AckStatus.REFUSED, refusal)
        assert recording.claims == {}
        [event] = recording.events
        assert (event.organisation, event.device, event.at) == (ORGANISATION, "gw-0001", NOW)
        assert event.kind is EventKind.PUNCH_REFUSED
        assert event.details["reason"] == refusal
        assert event.details["at"] == (NOW - late).isoformat()
        assert event.details["badge"] == "04A1"


def test_what_cannot_be_read_is_refused_and_noted_without_its_text(recording: RecordingCore) -> None:
    assert send(recording, b"48.8566, 2.3522") == Ack(None, AckStatus.REFUSED, Refusal.NOT_JSON)

    [event] = recording.events
    assert event.details["bytes"] == 15
    assert "48.8566" not in json.dumps(event.details)


def test_a_position_is_refused_by_name_and_kept_nowhere(recording: RecordingCore) -> None:
    fields = {**json.loads(wire.encode_punch(PUNCH)), "lat": 48.8566}

    answer = send(recording, json.dumps(fields).encode())

    assert answer == Ack("r-1", AckStatus.REFUSED, Refusal.UNKNOWN_FIELD)
    assert recording.claims == {}
    assert "48.8566" not in json.dumps([dict(event.details) for event in recording.events])


@pytest.mark.parametrize(
    "address", [wire.Address("1", "gw-9999"), wire.Address("2", "gw-0001"), wire.Address("01", "gw-0001")]
)
def test_a_device_that_is_unknown_or_of_another_organisation_is_refused_and_noted(
    recording: RecordingCore, address: wire.Address
) -> None:
    assert send(recording, address=address) == Ack("r-1", AckStatus.REFUSED, Refusal.UNKNOWN_DEVICE)
    assert recording.claims == {}
    [event] = recording.events
    assert event.device == address.device


def test_a_status_is_noted_for_the_device(recording: RecordingCore) -> None:
    run(receive_status(recording.core(), GATEWAY, wire.OFFLINE))
    assert recording.statuses == [("gw-0001", wire.DeviceStatus(online=False))]


def test_a_status_that_cannot_be_read_is_noted_as_such(recording: RecordingCore) -> None:
    run(receive_status(recording.core(), GATEWAY, b"{}"))
    assert recording.statuses == []
    assert [event.kind for event in recording.events] == [EventKind.STATUS_UNREADABLE]


def test_a_status_in_the_name_of_another_organisations_device_changes_nothing(
    recording: RecordingCore,
) -> None:
    run(receive_status(recording.core(), wire.Address("2", "gw-0001"), wire.OFFLINE))
    assert (recording.statuses, recording.events) == ([], [])


def test_daylight_saving_changes_nothing_because_the_wire_carries_offsets(recording: RecordingCore) -> None:
    recording.now = datetime(2026, 3, 29, 1, 30, tzinfo=UTC)
    fields = {**json.loads(wire.encode_punch(PUNCH)), "at": "2026-03-29T03:30:00+02:00"}

    send(recording, json.dumps(fields).encode())

    [claim] = recording.claims.values()
    assert claim.punched_at == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)
