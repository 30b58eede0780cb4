"""The list of the district's addresses: written beside the extract, read again by whoever needs homes."""

import csv
from collections.abc import Iterable, Sequence
from dataclasses import astuple, dataclass, fields
from pathlib import Path
from random import Random


@dataclass(frozen=True, slots=True)
class Address:
    """A front door. `commune_code` may be empty in a list made from a real extract."""

    number: str
    street: str
    postcode: str
    city: str
    lon: float
    lat: float
    commune_code: str


COLUMNS = tuple(field.name for field in fields(Address))


def write_addresses(file: Path, addresses: Iterable[Address]) -> None:
    with file.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(COLUMNS)
        for address in addresses:
            row = astuple(address)
            writer.writerow([f"{value:.7f}" if isinstance(value, float) else value for value in row])


def read_addresses(file: Path) -> list[Address]:
    """Read a list in its order. Raises KeyError when a column is missing, ValueError on a bad coordinate."""
    with file.open(encoding="utf-8", newline="") as source:
        return [
            Address(
                number=row["number"],
                street=row["street"],
                postcode=row["postcode"],
                city=row["city"],
                lon=float(row["lon"]),
                lat=float(row["lat"]),
                commune_code=row["commune_code"],
            )
            for row in csv.DictReader(source)
        ]


def pick_addresses(addresses: Sequence[Address], count: int, *, seed: int) -> list[Address]:
    """Draw different addresses, the same ones for the same seed. Raises ValueError if there are fewer."""
    return Random(seed).sample(addresses, count)
