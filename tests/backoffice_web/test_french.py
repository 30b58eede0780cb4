"""Screens are set in French: apostrophes, non-breaking spaces, capitals with accents, 24 hours."""

from datetime import UTC, date, datetime

import pytest

from backoffice_web.i18n import typeset
from backoffice_web.layout import formats


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("Secteur : tous", "Secteur\u00a0: tous"),
        ("Oublié ?", "Oublié\u202f?"),
        ("Un mot ; un autre !", "Un mot\u202f; un autre\u202f!"),
        ("l'heure d'aujourd'hui", "l’heure d’aujourd’hui"),
        ("« juste après »", "«\u00a0juste après\u00a0»"),
        ("82 % à 8 min", "82\u00a0% à 8\u00a0min"),
        ("soit 1,24 €.", "soit 1,24\u00a0€."),
        ("1 h 05 de trajet", "1\u00a0h\u00a005 de trajet"),
        ("il y a %(seconds)s s", "il y a %(seconds)s\u00a0s"),
        ("%(share)d %%", "%(share)d\u00a0%%"),
        ("%(count)s %(word)s", "%(count)s %(word)s"),
        ("Proposition n° 214", "Proposition n°\u00a0214"),
        ("à 08:30, hier", "à 08:30, hier"),
    ],
)
def test_french_is_typeset(typed: str, printed: str) -> None:
    assert typeset(typed) == printed
    assert typeset(printed) == printed


def test_times_are_those_of_paris_in_summer_and_winter() -> None:
    assert formats.clock_time(datetime(2026, 7, 1, 6, 47, tzinfo=UTC)) == "08:47"
    assert formats.clock_time(datetime(2026, 11, 24, 7, 47, tzinfo=UTC)) == "08:47"


def test_durations_have_hours_and_two_digits_of_minutes() -> None:
    assert formats.duration(57) == "0\u00a0h\u00a057"
    assert formats.duration(365) == "6\u00a0h\u00a005"
    assert formats.duration(-30) == "−0\u00a0h\u00a030"
    assert (formats.wait(3), formats.wait(163)) == ("3\u00a0min", "2\u00a0h\u00a043")
    assert (formats.behind(59), formats.behind(163)) == ("+59", "+2\u00a0h\u00a043")


def test_days_are_written_out() -> None:
    assert formats.long_day(date(2026, 11, 24)) == "Mardi 24 novembre"
    assert formats.full_day(date(2026, 8, 1)) == "samedi 1er août 2026"
    assert formats.short_day(date(2026, 11, 24)) == "mar. 24/11"
    assert formats.fold_day(date(2026, 11, 24)) == "Mar 24"
    assert formats.day_name(date(2026, 11, 24)) == "Mardi 24"
    assert formats.day_name(date(2026, 12, 1)) == "Mardi 1er"
    assert (formats.weekday(date(2026, 11, 24)), formats.short_weekday(date(2026, 11, 24))) == (
        "mardi",
        "Mar",
    )
    assert formats.month_year(date(2026, 8, 1)) == "Août 2026"


def test_a_period_names_its_month_once() -> None:
    assert formats.period(date(2026, 11, 23), date(2026, 11, 29)) == "23 – 29 novembre 2026"
    assert formats.period(date(2026, 11, 30), date(2026, 12, 6)) == "30 novembre – 6 décembre 2026"
    assert formats.period(date(2026, 12, 28), date(2027, 1, 3)) == "28 décembre 2026 – 3 janvier 2027"
    assert formats.period(date(2026, 6, 1), date(2026, 6, 7)) == "1er – 7 juin 2026"


def test_names_keep_their_accents_on_capitals() -> None:
    assert formats.person_name("Prévost", "Marthe") == "PRÉVOST Marthe"
    assert formats.initials("MARCHAND Élodie") == "ÉM"
    assert formats.initials("DA SILVA Inês") == "ID"
    assert formats.first_name("VANDERSTRAETEN Marie-Emmanuelle") == "Marie-Emmanuelle"


def test_figures_never_break() -> None:
    assert formats.figure(4126) == "4\u202f126"
    assert formats.figure(2.1, 1) == "2,1"
    assert formats.percent(0.964, 1) == "96,4\u00a0%"
    assert formats.phone_number("+33123456789") == "01\u00a023\u00a045\u00a067\u00a089"
