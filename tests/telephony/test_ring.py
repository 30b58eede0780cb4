import contextlib
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from telephony.ring import RingError, e164, read_ring, spellings

HEADERS = {
    "agi_uniqueid": "phone-1-1795527728.0",
    "agi_arg_4": "",
    "agi_arg_1": "1795527728",
    "agi_extension": "0801020304",
    "agi_callerid": "0155512345",
    "agi_callingpres": "0",
}


def header(**changed: str) -> dict[str, str]:
    return HEADERS | {f"agi_{name}": value for name, value in changed.items()}


def test_numbers_are_read_as_e164_and_the_time_is_the_dialplans() -> None:
    ring = read_ring(lambda name: HEADERS.get(name, ""))
    assert (ring.called, ring.caller) == ("+33801020304", "+33155512345")
    assert ring.answered_at == datetime.fromtimestamp(1795527728, UTC)


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("0155512345", "+33155512345"),
        ("0033155512345", "+33155512345"),
        ("33155512345", "+33155512345"),
        ("+33155512345", "+33155512345"),
        ("+41225551234", "+41225551234"),
        ("3919", "3919"),
    ],
)
def test_one_number_has_one_form(written: str, number: str) -> None:
    assert e164(written) == number


@pytest.mark.parametrize(
    "caller",
    [
        "",
        "unknown",
        "anonymous",
        "+33155512345'; DROP TABLE punches; --",
        "+33155512345\r\nAction: Originate",
        "$(reboot)",
        "`id`",
        "+33155512345 ",
        "٣٣١٥٥",
        "1" * 40,
    ],
)
def test_a_caller_that_is_more_than_a_number_is_none(caller: str) -> None:
    assert read_ring(lambda name: header(callerid=caller)[name]).caller is None


@pytest.mark.parametrize("presentation", ["32", "35", "67"])
def test_a_withheld_number_is_none_even_when_the_network_sends_it(presentation: str) -> None:
    assert read_ring(lambda name: header(callingpres=presentation)[name]).caller is None


@pytest.mark.parametrize(
    "changed",
    [
        {"uniqueid": ""},
        {"uniqueid": "../../etc"},
        {"arg_1": ""},
        {"arg_1": "soon"},
        {"arg_1": "-1"},
        {"extension": "s"},
        {"extension": "0801' OR 1=1"},
    ],
)
def test_a_request_that_our_dialplan_cannot_have_made_is_refused(changed: dict[str, str]) -> None:
    with pytest.raises(RingError):
        read_ring(lambda name: header(**changed)[name])


@given(st.fixed_dictionaries({name: st.text(max_size=40) for name in HEADERS}))
def test_any_request_is_read_or_refused(headers: dict[str, str]) -> None:
    with contextlib.suppress(RingError):
        read_ring(lambda name: headers[name])


def test_a_call_that_we_placed_says_for_which_missed_call() -> None:
    assert read_ring(lambda name: header(arg_4="42").get(name, "")).missed == 42
    assert read_ring(lambda name: HEADERS.get(name, "")).missed is None


@pytest.mark.parametrize("missed", ["-1", "42;", "٤٢", "1" * 19, "x"])
def test_a_missed_call_of_another_form_is_not_our_dialplans(missed: str) -> None:
    with pytest.raises(RingError):
        read_ring(lambda name: header(arg_4=missed).get(name, ""))


@pytest.mark.parametrize("number", ["+33809000001", "+41225551234"])
def test_every_spelling_of_a_number_is_that_number(number: str) -> None:
    assert {e164(digits) for digits in spellings(number) if not digits.startswith("41")} == {number}
