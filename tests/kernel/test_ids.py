"""Codes that are keyed on a telephone."""

from hypothesis import given
from hypothesis import strategies as st

from homecare.kernel.ids import (
    OrganisationId,
    code_hash,
    is_home_code,
    is_worker_code,
    luhn_digit,
    new_home_code,
    new_worker_code,
)


def test_the_check_digit_is_that_of_the_standard() -> None:
    assert luhn_digit("7992739871") == "3"  # the worked example of ISO/IEC 7812-1


def test_new_codes_have_their_own_form() -> None:
    assert is_home_code(new_home_code())
    assert is_worker_code(new_worker_code())


@given(st.text(alphabet="0123456789", min_size=5, max_size=5), st.integers(0, 5), st.integers(1, 9))
def test_one_mistyped_digit_of_a_home_code_is_always_noticed(body: str, place: int, change: int) -> None:
    code = body + luhn_digit(body)
    digit = str((int(code[place]) + change) % 10)
    assert not is_home_code(code[:place] + digit + code[place + 1 :])


@given(st.text(max_size=8))
def test_nothing_but_six_digits_is_a_code(text: str) -> None:
    for accepted in (is_home_code(text), is_worker_code(text)):
        assert not accepted or (len(text) == 6 and text.isascii() and text.isdigit())


def test_equal_codes_of_two_organisations_do_not_look_equal() -> None:
    hashes = {code_hash("a key for this test", OrganisationId(number), "123456") for number in (1, 2)}
    assert len(hashes) == 2
