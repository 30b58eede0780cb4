from datetime import UTC, datetime

import pytest

from homecare.kernel.calendar import PARIS
from telephony.spoken_time import spoken_time


@pytest.mark.parametrize(
    ("hour", "minute", "words"),
    [
        (14, 32, "quatorze heures trente-deux"),
        (1, 0, "une heure"),
        (1, 1, "une heure une"),
        (21, 0, "vingt et une heures"),
        (21, 21, "vingt et une heures vingt et une"),
        (22, 8, "vingt-deux heures huit"),
        (8, 30, "huit heures trente"),
        (9, 17, "neuf heures dix-sept"),
        (12, 0, "midi"),
        (12, 5, "midi cinq"),
        (0, 0, "minuit"),
        (0, 51, "minuit cinquante et une"),
        (17, 59, "dix-sept heures cinquante-neuf"),
    ],
)
def test_a_time_is_said_as_the_french_say_it(hour: int, minute: int, words: str) -> None:
    assert spoken_time(datetime(2026, 3, 3, hour, minute, 40, tzinfo=PARIS)) == words


def test_every_minute_of_the_day_has_its_own_words() -> None:
    said = {
        spoken_time(datetime(2026, 3, 3, hour, minute, tzinfo=PARIS))
        for hour in range(24)
        for minute in range(60)
    }
    assert len(said) == 24 * 60
    assert not any(character.isdigit() for words in said for character in words)


def test_the_time_is_that_of_paris_on_both_sides_of_a_clock_change() -> None:
    before, after = datetime(2026, 3, 29, 0, 59, tzinfo=UTC), datetime(2026, 3, 29, 1, 0, tzinfo=UTC)
    assert spoken_time(before) == "une heure cinquante-neuf"
    assert spoken_time(after) == "trois heures"
    first, second = datetime(2026, 10, 25, 0, 30, tzinfo=UTC), datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
    assert spoken_time(first) == spoken_time(second) == "deux heures trente"
