"""What a card means: a home's tag, a worker's badge, a flicker, or nobody."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mqtt_bridge.wire import Punch, decode_punch, encode_punch
from nfc_gateway.reader import Card
from nfc_gateway.taps import Taps, is_random, tag_token

AT = datetime(2026, 3, 2, 7, 58, tzinfo=UTC)
BADGE = Card("04A1B2C3D4E5F6")


def test_a_badge_is_named_by_its_uid() -> None:
    assert Taps().punch_of(BADGE, ref="r", at=AT) == Punch("r", AT, badge="04A1B2C3D4E5F6")


def test_a_homes_tag_is_named_by_the_token_of_its_url() -> None:
    card = Card("04A1B2C3D4E5F6", "https://ponctuel.example/t/a_B-9")
    assert Taps().punch_of(card, ref="r", at=AT) == Punch("r", AT, tag="a_B-9")


@pytest.mark.parametrize(
    ("uri", "token"),
    [
        ("https://ponctuel.example/t/abc", "abc"),
        ("http://127.0.0.1:8000/t/abc?c=1", "abc"),
        ("https://ponctuel.example/t/", None),
        ("https://ponctuel.example/t/a/b", None),
        ("https://ponctuel.example/x/t/abc", None),
        ("https://ponctuel.example/t/" + "x" * 129, None),
        ("https://ponctuel.example/t/a%2e%2e", None),
        ("https://[broken/t/abc", None),
        ("tel:+33155100801", None),
        ("", None),
        (None, None),
    ],
)
def test_only_a_url_of_ours_names_a_tag(uri: str | None, token: str | None) -> None:
    assert tag_token(uri) == token


def test_a_tag_that_proves_itself_adds_what_it_says_at_this_tap() -> None:
    card = Card("04A1B2C3D4E5F6", "https://ponctuel.example/t/abc?e=0A1B&c=2C")
    assert Taps().punch_of(card, ref="r", at=AT) == Punch("r", AT, tag="abc", sun="e=0A1B&c=2C")


@pytest.mark.parametrize("query", ["", "?", "?e=%20", "?e=é", "?" + "x" * 129, "#e=0A"])
def test_a_query_that_cannot_travel_is_left_out(query: str) -> None:
    card = Card("04A1B2C3D4E5F6", f"https://ponctuel.example/t/abc{query}")
    assert Taps().punch_of(card, ref="r", at=AT) == Punch("r", AT, tag="abc")


def test_a_tag_that_flickers_is_one_tap_although_it_says_something_else_at_each_reading() -> None:
    taps = Taps()
    first, again = (Card("04A1B2C3D4E5F6", f"https://ponctuel.example/t/abc?c={n}") for n in (1, 2))
    assert taps.punch_of(first, ref="1", at=AT) is not None
    assert taps.punch_of(again, ref="2", at=AT + timedelta(seconds=1)) is None


def test_a_badge_that_carries_some_other_url_is_still_a_badge() -> None:
    card = Card("04A1B2C3D4E5F6", "https://transport.example/")
    assert Taps().punch_of(card, ref="r", at=AT) == Punch("r", AT, badge=card.uid)


def test_a_card_with_a_uid_drawn_at_each_tap_names_nobody() -> None:
    assert is_random("08A1B2C3")
    assert not is_random("04A1B2C3")
    assert not is_random("08A1B2C3D4E5F6")
    assert Taps().punch_of(Card("08A1B2C3"), ref="r", at=AT) is None


def test_a_telephone_that_shows_a_homes_tag_is_taken_at_its_url() -> None:
    card = Card("08A1B2C3", "https://ponctuel.example/t/abc")
    assert Taps().punch_of(card, ref="r", at=AT) == Punch("r", AT, tag="abc")


def test_a_card_that_flickers_at_the_edge_of_the_field_is_one_tap() -> None:
    taps = Taps()
    taps.punch_of(BADGE, ref="1", at=AT)
    for seconds in (2, 4, 6):
        assert taps.punch_of(BADGE, ref="2", at=AT + timedelta(seconds=seconds)) is None
    assert taps.punch_of(BADGE, ref="3", at=AT + timedelta(seconds=9)) is not None


def test_two_workers_who_follow_each_other_are_two_taps() -> None:
    taps = Taps()
    taps.punch_of(BADGE, ref="1", at=AT)
    assert taps.punch_of(Card("04B1B2C3D4E5F6"), ref="2", at=AT) is not None


@given(uid=st.binary(min_size=4, max_size=10), uri=st.none() | st.text(max_size=60))
def test_whatever_a_card_holds_the_punch_is_in_the_format_of_the_wire(uid: bytes, uri: str | None) -> None:
    punch = Taps().punch_of(Card(uid.hex().upper(), uri), ref="r", at=AT)
    if punch is not None:
        assert decode_punch(encode_punch(punch)) == punch
