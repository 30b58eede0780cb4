"""The check-in message, strict: what a hostile or broken phone may send."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from homecare.kernel.errors import InvalidError
from homecare.kernel.ids import HomeId
from homecare.punches.model import Channel, Edge, Home, PlaceCheck, Qr, Sun, Tag
from realtime.checkin_wire import AHEAD, LONGEST, OLDEST, CheckIn, read_check_in, read_key

NOW = datetime(2026, 11, 24, 7, 0, tzinfo=UTC)
KEY = "k" * 20


def read(**fields: object) -> CheckIn:
    message = {"v": 1, "at": NOW.isoformat(), "qr": "abc", **fields}
    return read_check_in(json.dumps(message).encode(), key=KEY, received_at=NOW)


def test_a_code_a_tag_and_a_chosen_home_are_three_channels() -> None:
    assert (read().where, read().channel) == (Qr("abc"), Channel.QR)
    assert read(qr=None, tag="04A2:B3").where == Tag("04A2:B3")
    assert (read(qr=None, home=12).where, read(qr=None, home=12).channel) == (Home(HomeId(12)), Channel.APP)


def test_a_tag_that_proves_itself_adds_what_it_says_at_this_tap() -> None:
    assert read(qr=None, tag="abc", sun="e=0A&c=1B").where == Sun("abc", "e=0A&c=1B")
    assert read(qr=None, tag="abc", sun="e=0A&c=1B").channel is Channel.NFC
    for fields in ({"sun": "e=0A"}, {"qr": None, "home": 12, "sun": "e=0A"}, {"qr": None, "sun": "e=0A"}):
        with pytest.raises(InvalidError, match="un seul lieu"):
            read(**fields)
    for sun in ("", "x" * 129, "e=0A c=1B", "e=é", 12, ["e=0A"]):
        with pytest.raises(InvalidError, match="un seul lieu"):
            read(qr=None, tag="abc", sun=sun)


def test_edge_and_place_are_optional() -> None:
    assert (read().edge, read().place_check) == (None, PlaceCheck.UNKNOWN)
    assert read(edge="departure").edge is Edge.DEPARTURE
    assert read(place="outside").place_check is PlaceCheck.OUTSIDE


def test_the_home_with_which_the_phone_compared_is_an_id_and_nothing_else() -> None:
    assert read().beside is None
    assert read(place="inside", beside=12).beside == HomeId(12)
    for value in (0, -3, True, "12", 46.35, [46.35, 0.92], 2**63):
        with pytest.raises(InvalidError):
            read(place="inside", beside=value)


@pytest.mark.parametrize("field", ["lat", "lon", "position", "coords", "accuracy", "worker", "organisation"])
def test_a_position_or_any_field_that_was_not_agreed_is_refused(field: str) -> None:
    with pytest.raises(InvalidError, match="donnée refusée"):
        read(**{field: 1})


def test_a_field_that_is_given_twice_is_refused() -> None:
    at = NOW.isoformat()
    with pytest.raises(InvalidError, match="illisible"):
        read_check_in(f'{{"v":1,"at":"{at}","qr":"abc","qr":"def"}}'.encode(), key=KEY, received_at=NOW)


@pytest.mark.parametrize(
    "fields",
    [
        {"v": 2},
        {"qr": None},
        {"tag": "abc"},
        {"qr": "a b"},
        {"qr": "'; DROP TABLE punches; --"},
        {"qr": "x" * 65},
        {"qr": ["abc"]},
        {"qr": None, "home": -1},
        {"qr": None, "home": True},
        {"qr": None, "home": 2**63},
        {"edge": "sideways"},
        {"place": {"lat": 1}},
        {"at": "hier"},
        {"at": "2026-11-24T08:00:00"},
        {"at": None},
    ],
)
def test_what_is_out_of_form_is_refused_with_a_sentence(fields: dict[str, object]) -> None:
    with pytest.raises(InvalidError, match=r"\.$"):
        read(**fields)


@pytest.mark.parametrize("shift", [AHEAD + timedelta(seconds=1), -OLDEST - timedelta(seconds=1)])
def test_future_and_ancient_times_are_refused(shift: timedelta) -> None:
    with pytest.raises(InvalidError):
        read(at=(NOW + shift).isoformat())


def test_three_days_without_network_are_no_offence() -> None:
    assert read(at=(NOW - timedelta(hours=72)).isoformat()).at == NOW - timedelta(hours=72)


@given(st.binary(max_size=200))
def test_no_bytes_whatever_do_anything_but_be_refused(body: bytes) -> None:
    with pytest.raises(InvalidError):
        read_check_in(body, key=KEY, received_at=NOW)


HALF = rb'{"v":2,"signed":"\ud800","signature":"AA","sent":"x"}'
"""Half of a pair of UTF-16: JSON can escape it, and no text has it."""


@pytest.mark.parametrize("body", [b"[" * 2000, b"x" * (LONGEST + 1), b'{"v": 1, "v": 1}', b"null", HALF])
def test_bodies_made_to_break_a_reader_are_refused(body: bytes) -> None:
    with pytest.raises(InvalidError):
        read_check_in(body, key=KEY, received_at=NOW)


@pytest.mark.parametrize(
    "key", [None, "", "short", "a b c d e f g h", "x" * 65, "é" * 10, "../../etc/passwd"]
)
def test_a_key_is_eight_to_sixty_four_plain_characters(key: str | None) -> None:
    with pytest.raises(InvalidError):
        read_key(key)
