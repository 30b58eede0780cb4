"""Addresses of the map: suggested as one types, found again whatever their spelling."""

from pathlib import Path

import pytest

from backoffice_web.addresses.book import AddressBook

LINES = """number,street,postcode,city,lon,lat,commune_code
3,rue des Tanneurs,99100,La Chesnaye,0.91,47.1,99001
12,rue des Tanneurs,99100,La Chesnaye,0.92,47.1,99001
3,rue Émile-Zola,99110,Les Coteaux,0.86,47.16,99002
1,place de l’Église,99110,Les Coteaux,0.87,47.16,
"""


@pytest.fixture
def book(tmp_path: Path) -> AddressBook:
    (tmp_path / "addresses.csv").write_text(LINES, encoding="utf-8")
    return AddressBook(tmp_path / "addresses.csv")


def test_an_address_is_found_with_its_place_and_commune(book: AddressBook) -> None:
    found = book.find("3 Rue Emile Zola", city="les coteaux")
    assert found
    assert (found.lon, found.lat, found.commune_code) == (0.86, 47.16, "99002")


def test_the_same_street_in_another_town_is_not_it(book: AddressBook) -> None:
    assert book.find("3 rue des Tanneurs", city="Les Coteaux") is None


def test_with_a_number_each_door_is_suggested_without_one_each_street_once(book: AddressBook) -> None:
    assert [one.street_line for one in book.suggest("12 tann")] == ["12 rue des Tanneurs"]
    assert [one.street for one in book.suggest("tanneurs")] == ["rue des Tanneurs"]


def test_two_letters_suggest_nothing(book: AddressBook) -> None:
    assert book.suggest("ru") == []


def test_a_commune_is_known_by_its_postal_code_and_name(book: AddressBook) -> None:
    assert book.commune_of(postcode="99110", city="LES COTEAUX") == "99002"
    assert book.commune_of(postcode="99999", city="Ailleurs") == ""


def test_without_a_map_nothing_is_known_and_nothing_breaks(tmp_path: Path) -> None:
    nowhere = AddressBook(tmp_path / "addresses.csv")
    assert nowhere.suggest("rue des Tanneurs") == []
    assert nowhere.find("3 rue des Tanneurs", city="La Chesnaye") is None
