"""Pages of a long list, and addresses that make no sense."""

from datetime import date

import pytest

from backoffice_web.arguments import area_in, day_in, number_in, search_in
from backoffice_web.pages import Page

TODAY = date(2026, 11, 24)


def test_a_page_tells_which_rows_it_shows() -> None:
    page = Page.read({"page": "2"}).of(73)
    assert (page.offset, page.first_row, page.last_row, page.last) == (50, 51, 73, 2)


def test_an_empty_list_has_one_page_and_no_row() -> None:
    page = Page.read({}).of(0)
    assert (page.first_row, page.last_row, page.last) == (0, 0, 1)


@pytest.mark.parametrize("text", ["0", "-1", "x", "", "99999999999999999999", "²"])
def test_a_page_that_makes_no_sense_is_the_first(text: str) -> None:
    assert Page.read({"page": text}).number == 1


@pytest.mark.parametrize("text", ["hier", "2026-02-30", "", "2026-11-24T00:00", "0001-01-01", "9999-12-31"])
def test_a_day_that_makes_no_sense_is_today(text: str) -> None:
    assert day_in({"jour": text}, otherwise=TODAY) == TODAY


@pytest.mark.parametrize("text", ["x", "-3", "", "9" * 40, "३"])
def test_an_area_that_makes_no_sense_is_every_area(text: str) -> None:
    assert area_in({"secteur": text}) is None
    assert number_in({"secteur": text}, "secteur") is None


def test_a_search_is_short_and_holds_no_null() -> None:
    assert search_in({"q": "  Bel\0langer "}) == "Bellanger"
    assert len(search_in({"q": "a" * 500})) == 80
