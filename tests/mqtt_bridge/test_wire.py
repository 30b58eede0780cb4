"""The words between devices and core: what is read, what is refused and why."""

import json
import re
from contextlib import suppress
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mqtt_bridge.wire import (
    MAX_BYTES,
    OFFLINE,
    Ack,
    AckStatus,
    Address,
    DeviceStatus,
    Edge,
    Punch,
    Refusal,
    Subject,
    WireError,
    decode_ack,
    decode_punch,
    decode_status,
    encode_ack,
    encode_punch,
    encode_status,
    read_topic,
)

AT = datetime(2026, 3, 2, 7, 58, 12, tzinfo=UTC)
GOOD = {"v": 1, "ref": "r-1", "at": "2026-03-02T08:58:12+01:00", "tag": None, "badge": "04A1", "edge": None}


def payload(**changes: object) -> bytes:
    return json.dumps({**GOOD, **changes}).encode()


def without(name: str) -> bytes:
    return json.dumps({key: value for key, value in GOOD.items() if key != name}).encode()


def refusal_of(message: bytes) -> WireError:
    with pytest.raises(WireError) as caught:
        decode_punch(message)
    return caught.value


def test_a_punch_is_read_and_its_time_becomes_utc() -> None:
    assert decode_punch(payload()) == Punch("r-1", AT, badge="04A1")
    assert decode_punch(payload(tag="a_B-9", edge="departure")) == Punch(
        "r-1", AT, tag="a_B-9", badge="04A1", edge=Edge.DEPARTURE
    )
    assert decode_punch(payload(at="2026-03-02T07:58:12.5Z")).at == AT + timedelta(milliseconds=500)


def test_a_tag_may_add_what_it_says_at_this_tap_and_nothing_travels_where_there_is_none() -> None:
    said = Punch("r-1", AT, tag="a_B-9", sun="e=0A&c=1B")
    assert decode_punch(encode_punch(said)) == said
    assert b"sun" not in encode_punch(Punch("r-1", AT, tag="a_B-9"))


@pytest.mark.parametrize(
    "changes",
    [
        {"sun": "e=0A"},
        {"tag": "a", "sun": ""},
        {"tag": "a", "sun": "x" * 129},
        {"tag": "a", "sun": "e=0A\n"},
        {"tag": "a", "sun": 7},
        {"tag": "a", "sun": {"e": "0A"}},
    ],
)
def test_what_no_tag_says_is_refused(changes: dict[str, object]) -> None:
    error = refusal_of(payload(**changes))
    assert (error.refusal, error.detail) == (Refusal.BAD_FIELD, "sun")


@pytest.mark.parametrize(
    "message",
    [
        b"",
        b"\xff\xfe{",
        b"bonjour",
        b"[1]",
        b"null",
        b'"{}"',
        b"[" * MAX_BYTES,
        b'{"a":' * 300,
        b'{"v":1,"v":1}',
        b'{"v":NaN}',
        b'{"v":1}{"v":1}',
        json.dumps(GOOD).encode("utf-16"),
    ],
)
def test_what_is_no_json_object_is_refused(message: bytes) -> None:
    assert refusal_of(message).refusal is Refusal.NOT_JSON


def test_a_payload_that_is_too_large_is_refused_before_it_is_read() -> None:
    assert refusal_of(payload(tag="x" * MAX_BYTES)).refusal is Refusal.TOO_LARGE
    assert refusal_of(b" " * (MAX_BYTES + 1)).refusal is Refusal.TOO_LARGE


@pytest.mark.parametrize("version", [0, 2, 1.0, True, "1", None, [1]])
def test_another_version_is_refused_and_the_punch_is_still_named(version: object) -> None:
    error = refusal_of(payload(v=version, new_field=3))
    assert (error.refusal, error.ref) == (Refusal.WRONG_VERSION, "r-1")


@pytest.mark.parametrize("name", ["lat", "lon", "position", "gps", "accuracy", "note", "V", ""])
def test_a_position_or_any_other_unknown_field_is_refused_and_is_not_repeated(name: str) -> None:
    error = refusal_of(payload(**{name: 48.8566}))
    assert (error.refusal, error.ref) == (Refusal.UNKNOWN_FIELD, "r-1")
    assert "48" not in str(error)


@pytest.mark.parametrize("name", ["ref", "at", "tag", "badge", "edge"])
def test_a_missing_field_is_refused_by_its_name(name: str) -> None:
    error = refusal_of(without(name))
    assert (error.refusal, error.detail) == (Refusal.MISSING_FIELD, name)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ref", ""),
        ("ref", None),
        ("ref", 7),
        ("ref", "x" * 65),
        ("ref", "a b"),
        ("ref", "r\n"),
        ("ref", "é"),
        ("at", None),
        ("at", 1772438292),
        ("at", "2026-03-02T07:58:12"),
        ("at", "2026-03-02 07:58:12Z"),
        ("at", "2026-02-30T07:58:12Z"),
        ("at", "2026-03-02T07:58:60Z"),
        ("at", "2026-03-02T07:58:12+99:00"),
        ("at", "0001-01-01T00:00:00+14:00"),
        ("at", "٢٠٢٦-03-02T07:58:12Z"),
        ("tag", ""),
        ("tag", "../../etc/passwd"),
        ("tag", "x" * 129),
        ("badge", "'; DROP TABLE punches; --"),
        ("badge", "a\x00b"),
        ("badge", ["04A1"]),
        ("edge", "lunch"),
        ("edge", True),
        ("edge", []),
        ("edge", {}),
    ],
)
def test_a_field_that_has_not_its_form_is_refused_by_its_name(name: str, value: object) -> None:
    error = refusal_of(payload(**{name: value}))
    assert (error.refusal, error.detail) == (Refusal.BAD_FIELD, name)


def test_a_punch_that_names_neither_place_nor_person_is_refused() -> None:
    assert refusal_of(payload(badge=None)).refusal is Refusal.EMPTY


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused_and_nothing_else(message: bytes) -> None:
    with suppress(WireError):
        decode_punch(message)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


@given(st.dictionaries(st.sampled_from([*GOOD, "lat"]), json_values))
def test_any_json_in_any_field_is_read_or_refused_and_nothing_else(fields: dict[str, object]) -> None:
    with suppress(WireError):
        decode_punch(json.dumps({**GOOD, **fields}).encode())


tokens = st.from_regex(re.compile(r"[A-Za-z0-9_-]{1,128}"), fullmatch=True)


@given(
    ref=st.from_regex(re.compile(r"[A-Za-z0-9._:-]{1,64}"), fullmatch=True),
    at=st.datetimes(
        min_value=datetime(1970, 1, 2),  # noqa: DTZ001 - hypothesis adds the zone
        timezones=st.integers(-14, 14).map(lambda hours: timezone(timedelta(hours=hours))),
    ).filter(lambda at: at.year < 9999),
    tag=st.none() | tokens,
    badge=tokens,
    edge=st.none() | st.sampled_from(Edge),
)
def test_a_punch_comes_back_as_it_was_written(
    ref: str, at: datetime, tag: str | None, badge: str, edge: Edge | None
) -> None:
    punch = Punch(ref, at, tag=tag, badge=badge, edge=edge)
    assert len(encode_punch(punch)) <= MAX_BYTES
    assert decode_punch(encode_punch(punch)) == punch


@pytest.mark.parametrize(
    "ack",
    [
        Ack("r-1", AckStatus.STORED),
        Ack("r-1", AckStatus.CONFLICT),
        Ack("r-1", AckStatus.REFUSED, Refusal.FUTURE),
        Ack(None, AckStatus.REFUSED, "not-json"),
        Ack("r-1", AckStatus.DUPLICATE, "unknown_worker"),
    ],
)
def test_an_acknowledgement_comes_back_as_it_was_written(ack: Ack) -> None:
    assert decode_ack(encode_ack(ack)) == ack


@pytest.mark.parametrize(
    "message",
    [
        b"",
        b'{"v":1,"ref":"r","status":"maybe","reason":null}',
        b'{"v":1,"ref":"r","status":"stored"}',
        b'{"v":2,"ref":"r","status":"stored","reason":null}',
        b'{"v":1,"ref":"r","status":"stored","reason":"Two words"}',
    ],
)
def test_an_acknowledgement_out_of_form_is_refused(message: bytes) -> None:
    with pytest.raises(WireError):
        decode_ack(message)


def test_a_status_says_whether_the_device_is_there_and_the_last_will_says_offline_alone() -> None:
    assert encode_status(DeviceStatus(online=False, waiting=3)) == OFFLINE == b'{"status":"offline"}'
    assert decode_status(OFFLINE) == DeviceStatus(online=False)
    assert decode_status(b'{"status":"online"}') == DeviceStatus(online=True)
    full = DeviceStatus(online=True, waiting=3, reader=False)
    assert decode_status(encode_status(full)) == full


@pytest.mark.parametrize(
    "message",
    [
        b"offline",
        b"{}",
        b'{"status":true}',
        b'{"status":"online","waiting":-1}',
        b'{"status":"online","waiting":true}',
        b'{"status":"online","reader":1}',
        b'{"status":"online","lat":48.8}',
    ],
)
def test_a_status_out_of_form_is_refused(message: bytes) -> None:
    with pytest.raises(WireError):
        decode_status(message)


def test_topics_name_the_organisation_the_device_and_the_subject() -> None:
    address = Address("adom", "gw-0001")
    assert address.topic(Subject.ACK) == "ponctuel/v1/adom/gw-0001/ack"
    for subject in Subject:
        assert read_topic(address.topic(subject)) == (address, subject)


@pytest.mark.parametrize(
    "topic",
    [
        "ponctuel/v1/adom/gw-0001",
        "ponctuel/v1/adom/gw-0001/punch/more",
        "ponctuel/v1//gw-0001/punch",
        "ponctuel/v1/adom/GW 1/punch",
        "ponctuel/v1/adom/-gw/punch",
        "ponctuel/v1/adom/gw-0001/lunch",
        "ponctuel/v2/adom/gw-0001/punch",
        "adom/gw-0001/punch",
        f"ponctuel/v1/{'a' * 41}/gw-0001/punch",
    ],
)
def test_any_other_topic_is_refused(topic: str) -> None:
    with pytest.raises(ValueError, match=r"topic|Subject"):
        read_topic(topic)
