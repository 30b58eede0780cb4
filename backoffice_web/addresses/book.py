"""The numbered addresses of the map: suggested while one is typed, found again when it is saved.

They come from `addresses.csv`, which set-up draws from the same extract as the roads. Nothing is asked
elsewhere; an address that is not on the map is kept as typed, without a place.
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, cast

from flask import current_app

from homecare.kernel.text import plain

if TYPE_CHECKING:
    from backoffice_web.app import BackOffice

FILE = "addresses.csv"
SUGGESTED = 8
SHORTEST = 3


@dataclass(frozen=True, slots=True)
class Address:
    """An address and its place (degrees, WGS 84). `commune_code` is the INSEE code, empty when unknown."""

    number: str
    street: str
    postcode: str
    city: str
    lon: float
    lat: float
    commune_code: str

    @property
    def street_line(self) -> str:
        """`3 rue des Tanneurs`."""
        return f"{self.number} {self.street}".strip()


class AddressBook:
    """The addresses of one file, read when first asked and again when the file changes."""

    def __init__(self, file: Path) -> None:
        """Read this file, which may not be there yet."""
        self._file = file
        self._read_at = -1
        self._entries: list[tuple[str, Address]] = []
        self._by_line: dict[tuple[str, str], Address] = {}
        self._communes: dict[tuple[str, str], str] = {}
        self._cities: dict[str, str] = {}

    def suggest(self, typed: str) -> list[Address]:
        """Return a few addresses in which every word typed begins a word; one a street without a number."""
        words = plain(typed).split()
        if len("".join(words)) < SHORTEST:
            return []
        self._refresh()
        found: list[Address] = []
        streets: set[tuple[str, str]] = set()
        for address in self._matching(words):
            street = (address.street, address.city)
            if not words[0].isdigit() and street in streets:
                continue
            streets.add(street)
            found.append(address)
            if len(found) == SUGGESTED:
                break
        return found

    def find(self, street_line: str, *, city: str) -> Address | None:
        """Return the address as typed, whatever its accents and capitals, or None."""
        self._refresh()
        return self._by_line.get((plain(street_line), plain(city)))

    def commune_of(self, *, postcode: str, city: str) -> str:
        """Return the INSEE code of the commune, empty when the map does not know it."""
        self._refresh()
        return self._communes.get((postcode.strip(), plain(city)), "")

    def city_of(self, commune_code: str) -> str:
        """Return the name of the commune of that INSEE code, empty when the map does not know it."""
        self._refresh()
        return self._cities.get(commune_code, "")

    def _matching(self, words: list[str]) -> Iterator[Address]:
        for text, address in self._entries:
            if all(f" {word}" in text for word in words):
                yield address

    def _refresh(self) -> None:
        if not self._file.exists():
            return
        changed_at = self._file.stat().st_mtime_ns
        if changed_at == self._read_at:
            return
        addresses = list(_read(self._file))
        self._entries = [(f" {plain(f'{a.number} {a.street} {a.postcode} {a.city}')}", a) for a in addresses]
        self._by_line = {(plain(a.street_line), plain(a.city)): a for a in addresses}
        self._communes = {(a.postcode, plain(a.city)): a.commune_code for a in addresses if a.commune_code}
        self._cities = {a.commune_code: a.city for a in addresses}
        self._read_at = changed_at


def _read(file: Path) -> Iterator[Address]:
    with file.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            yield Address(
                number=row["number"],
                street=row["street"],
                postcode=row["postcode"],
                city=row["city"],
                lon=float(row["lon"]),
                lat=float(row["lat"]),
                commune_code=row["commune_code"],
            )


def book() -> AddressBook:
    """Return the application's address book."""
    return cast("AddressBook", current_app.extensions["addresses"])


def install(app: "BackOffice") -> None:
    """Open the address book of the settings' roads."""
    app.extensions["addresses"] = AddressBook(app.settings.roads_dir / FILE)
