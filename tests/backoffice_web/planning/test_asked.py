"""What the address of a planning asks, and the addresses that lead from one to the others."""

from datetime import date

import pytest

from backoffice_web.planning.asked import Asked, By, View
from homecare.kernel.ids import AreaId, ClientId, WorkerId

TODAY = date(2026, 11, 24)


def read(**arguments: str) -> Asked:
    return Asked.read(arguments, today=TODAY)


def test_an_address_that_says_nothing_is_today_by_worker() -> None:
    assert read() == Asked(TODAY, View.DAY, By.WORKERS)
    assert read(vue="siècle", par="chien", intervenant="-1", secteur="x", jour="hier") == read()


def test_an_address_leads_back_to_what_it_was_made_of() -> None:
    asked = Asked(date(2026, 11, 25), View.WEEK, By.CLIENTS, area=AreaId(3))
    assert asked.arguments == {
        "jour": "2026-11-25",
        "vue": "semaine",
        "par": "beneficiaires",
        "secteur": "3",
    }
    assert read(**asked.arguments) == asked
    for one in (asked.of_worker(WorkerId(7)), asked.of_client(ClientId(7))):
        assert read(**one.arguments) == one


def test_one_person_is_asked_whatever_the_area_and_the_lines() -> None:
    assert read(intervenant="7", secteur="3", par="beneficiaires") == read().of_worker(WorkerId(7))
    assert read(intervenant="7", beneficiaire="8").client is None
    assert read(beneficiaire="8").by is By.CLIENTS
    assert not read(beneficiaire="8").by_whom(By.WORKERS).is_of_one


@pytest.mark.parametrize(
    ("view", "before", "after"),
    [
        (View.DAY, date(2026, 11, 23), date(2026, 11, 25)),
        (View.WEEK, date(2026, 11, 17), date(2026, 12, 1)),
        (View.MONTH, date(2026, 10, 1), date(2026, 12, 1)),
    ],
)
def test_a_step_is_a_day_a_week_or_a_month(view: View, before: date, after: date) -> None:
    asked = read().as_view(view)
    assert (asked.step(-1).day, asked.step(1).day) == (before, after)


def test_months_pass_the_year_and_days_stay_in_the_calendar_of_the_product() -> None:
    assert Asked(date(2026, 12, 31), View.MONTH).step(1).day == date(2027, 1, 1)
    assert Asked(date(2027, 1, 31), View.MONTH).step(-1).day == date(2026, 12, 1)
    last = Asked(date(2100, 12, 31), View.WEEK)
    assert last.step(1).day == last.day
