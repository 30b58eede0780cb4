"""The estimate of a journey: the order of magnitude of roads, never less than nothing."""

import pytest

from homecare.visits.travel import crow_flies_km, estimate_minutes
from homecare.workers.model import TravelMode

PARIS, LYON = (2.3522, 48.8566), (4.8357, 45.7640)


def test_the_straight_line_from_paris_to_lyon_is_392_km() -> None:
    assert crow_flies_km(PARIS, LYON) == pytest.approx(392, abs=1)


def test_two_visits_at_one_home_need_no_journey() -> None:
    assert estimate_minutes(PARIS, PARIS, mode=TravelMode.CAR) == 0


def test_a_home_that_is_not_on_the_map_is_not_guessed() -> None:
    assert estimate_minutes(None, PARIS, mode=TravelMode.CAR) == 0


def test_five_kilometres_take_longer_by_bike_and_longest_on_foot() -> None:
    here, there = (1.0, 47.0), (1.0, 47.045)
    minutes = [estimate_minutes(here, there, mode=mode) for mode in TravelMode]
    assert minutes == [10, 27, 76]
