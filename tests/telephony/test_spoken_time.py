from datetime import UTC, datetime

import pytest

from homecare.workers.model import Language
from telephony.speech import TimeOfDay, time_of
from telephony.spoken_time import spoken_time

FR, EN, AR, PT, ES = (
    Language.FRENCH,
    Language.ENGLISH,
    Language.ARABIC,
    Language.PORTUGUESE,
    Language.SPANISH,
)


@pytest.mark.parametrize(
    ("language", "hour", "minute", "words"),
    [
        (FR, 14, 32, "quatorze heures trente-deux"),
        (FR, 1, 0, "une heure"),
        (FR, 1, 1, "une heure une"),
        (FR, 21, 0, "vingt et une heures"),
        (FR, 21, 21, "vingt et une heures vingt et une"),
        (FR, 22, 8, "vingt-deux heures huit"),
        (FR, 8, 30, "huit heures trente"),
        (FR, 9, 17, "neuf heures dix-sept"),
        (FR, 12, 0, "midi"),
        (FR, 12, 5, "midi cinq"),
        (FR, 0, 0, "minuit"),
        (FR, 0, 51, "minuit cinquante et une"),
        (FR, 17, 59, "dix-sept heures cinquante-neuf"),
        (EN, 8, 5, "eight oh five in the morning"),
        (EN, 14, 32, "two thirty-two in the afternoon"),
        (EN, 1, 0, "one o'clock at night"),
        (EN, 13, 0, "one o'clock in the afternoon"),
        (EN, 12, 0, "noon"),
        (EN, 12, 5, "twelve oh five in the afternoon"),
        (EN, 0, 0, "midnight"),
        (EN, 0, 15, "twelve fifteen at night"),
        (EN, 21, 0, "nine o'clock in the evening"),
        (EN, 22, 40, "ten forty at night"),
        (ES, 8, 5, "a las ocho y cinco"),
        (ES, 14, 32, "a las catorce y treinta y dos"),
        (ES, 1, 0, "a la una"),
        (ES, 1, 1, "a la una y un minuto"),
        (ES, 12, 0, "a mediodía"),
        (ES, 12, 5, "a las doce y cinco"),
        (ES, 0, 0, "a medianoche"),
        (ES, 0, 16, "a las cero horas y dieciséis"),
        (ES, 21, 0, "a las veintiuna horas"),
        (ES, 21, 21, "a las veintiuna y veintiuno"),
        (PT, 8, 5, "às oito e cinco"),
        (PT, 14, 32, "às catorze e trinta e dois"),
        (PT, 1, 0, "à uma hora"),
        (PT, 1, 1, "à uma e um minuto"),
        (PT, 2, 2, "às duas e dois"),
        (PT, 12, 0, "ao meio-dia"),
        (PT, 0, 0, "à meia-noite"),
        (PT, 0, 16, "à meia-noite e dezasseis"),
        (PT, 21, 0, "às vinte e uma horas"),
        (PT, 22, 21, "às vinte e duas e vinte e um"),
        (AR, 8, 5, "السَّاعَة الثَّامِنَة وَخَمْس دَقَائِق صَبَاحًا"),
        (AR, 1, 0, "السَّاعَة الْوَاحِدَة صَبَاحًا"),
        (AR, 13, 1, "السَّاعَة الْوَاحِدَة وَدَقِيقَة وَاحِدَة بَعْدَ الظُّهْر"),
        (AR, 12, 0, "السَّاعَة الثَّانِيَةَ عَشْرَةَ ظُهْرًا"),
        (AR, 0, 0, "مُنْتَصَفَ اللَّيْل"),
        (AR, 0, 2, "مُنْتَصَفَ اللَّيْل وَدَقِيقَتَان"),
        (AR, 21, 0, "السَّاعَة التَّاسِعَة مَسَاءً"),
        (AR, 11, 11, "السَّاعَة الْحَادِيَةَ عَشْرَةَ وَإِحْدَى عَشْرَة دَقِيقَة صَبَاحًا"),
        (AR, 14, 32, "السَّاعَة الثَّانِيَة وَاثْنَتَان وَثَلَاثُون دَقِيقَة بَعْدَ الظُّهْر"),
    ],
)
def test_a_time_is_said_as_its_speakers_say_it(
    language: Language, hour: int, minute: int, words: str
) -> None:
    assert spoken_time(TimeOfDay(hour, minute), language) == words


@pytest.mark.parametrize("language", Language)
def test_every_minute_of_the_day_has_its_own_words(language: Language) -> None:
    said = {spoken_time(TimeOfDay(hour, minute), language) for hour in range(24) for minute in range(60)}
    assert len(said) == 24 * 60
    assert not any(character.isdigit() or "  " in words for words in said for character in words)


def test_the_time_is_that_of_paris_on_both_sides_of_a_clock_change() -> None:
    before, after = datetime(2026, 3, 29, 0, 59, tzinfo=UTC), datetime(2026, 3, 29, 1, 0, tzinfo=UTC)
    assert time_of(before) == TimeOfDay(1, 59)
    assert time_of(after) == TimeOfDay(3, 0)
    first, second = datetime(2026, 10, 25, 0, 30, tzinfo=UTC), datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
    assert time_of(first) == time_of(second) == TimeOfDay(2, 30)


def test_seconds_are_dropped_as_on_a_screen() -> None:
    assert time_of(datetime(2026, 3, 3, 13, 32, 59, tzinfo=UTC)) == TimeOfDay(14, 32)
