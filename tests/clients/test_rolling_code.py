"""The rolling code against the RFC's own figures and a device that shares no line with us."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from homecare.clients.rolling_code import (
    LIFETIME,
    codes,
    draw_secret,
    find_step,
    is_rolling_code,
    learn_drift,
    may_be_ahead,
    provisioning_address,
    step_at,
    steps_back,
    time_of,
)
from simulators.code_device.device import Device

# RFC 6238, appendix B, the rows of SHA-1
RFC_SECRET = b"12345678901234567890"
RFC = {
    59: "94287082",
    1111111109: "07081804",
    1111111111: "14050471",
    1234567890: "89005924",
    2000000000: "69279037",
    20000000000: "65353130",
}
YEAR = timedelta(days=365)


@pytest.mark.parametrize(("seconds", "code"), RFC.items())
def test_the_codes_are_those_of_the_rfc(seconds: int, code: str) -> None:
    assert [*codes(RFC_SECRET, (seconds // 30,))] == [code]


@given(st.datetimes(min_value=datetime(2020, 1, 1), max_value=datetime(2090, 1, 1)))  # noqa: DTZ001
def test_a_provisioned_device_shows_what_is_expected(naive: datetime) -> None:
    at, secret = naive.replace(tzinfo=UTC), draw_secret()
    device = Device.provision(provisioning_address(secret, "Tablette de Mme Bellanger"))
    assert device.show(at) == next(codes(secret, (step_at(at),)))


def test_a_week_is_searched_the_newest_first_and_no_further() -> None:
    now, secret = datetime(2026, 11, 24, 9, 0, tzinfo=UTC), draw_secret()
    steps = steps_back(now, drift=0, ahead=2, past=LIFETIME)
    assert (steps[0], len(steps)) == (step_at(now) + 2, 7 * 24 * 120 + 2)
    device = Device(secret, 8, 30)
    for age in (timedelta(), timedelta(hours=1), LIFETIME - timedelta(minutes=1)):
        step = find_step(secret, device.show(now - age), steps)
        assert step is not None
        assert timedelta() <= now - age - time_of(step, drift=0) < timedelta(seconds=30)
    assert find_step(secret, device.show(now - LIFETIME - timedelta(minutes=1)), steps) is None


@pytest.mark.parametrize(
    ("ahead", "drift", "age", "learnt"),
    [
        ([4], 0, YEAR, 4),  # ahead of the call: certain at once
        ([-4], 0, YEAR, 0),  # behind it: perhaps only keyed late
        ([-4, -6, -5], 0, YEAR, -4),  # thrice behind: slow
        ([-4, 0, -5], 0, YEAR, 0),
        ([-9000, -20000, -7000], 0, YEAR, 0),  # keyed hours later: says nothing of the clock
        ([-9000, 31], 30, YEAR, 31),
        ([90], 0, timedelta(), 2),  # no quartz drifts so far in a day
        ([-19, -19, -19], 0, timedelta(days=10), -5),
    ],
)
def test_the_drift_is_learnt_from_use_within_what_a_quartz_can(
    ahead: list[int], drift: int, age: timedelta, learnt: int
) -> None:
    assert learn_drift(ahead, drift=drift, age=age) == learnt


def test_a_silent_clock_may_have_drifted_further() -> None:
    assert may_be_ahead(timedelta(days=-3)) == may_be_ahead(timedelta()) == 2
    assert may_be_ahead(timedelta(days=100)) == 32


@pytest.mark.parametrize("text", ["1234567", "123456789", "12345 78", "１２３４５６７８", "abcdefgh", ""])
def test_only_eight_digits_have_the_form_of_a_code(text: str) -> None:
    assert is_rolling_code("01234567")
    assert not is_rolling_code(text)
