"""Clients, homes and how they are written in French. No input or output here."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Self

from homecare.kernel.ids import AreaId, ClientId, HomeId
from homecare.kernel.text import clean_line, clean_notes, clean_postal_code, require_line


def full_name(last_name: str, first_name: str) -> str:
    """Return « NOM Prénom », as every French screen and sheet of the trade has it."""
    return f"{last_name.upper()} {first_name}".strip()


@dataclass(frozen=True, slots=True)
class ClientRow:
    """A client in a list."""

    id: ClientId
    area_id: AreaId
    area: str
    civility: str
    last_name: str
    first_name: str
    fragile: bool
    city: str
    weekly_visits: int

    @property
    def name(self) -> str:
        """« NOM Prénom »."""
        return full_name(self.last_name, self.first_name)


@dataclass(frozen=True, slots=True)
class Client:
    """A client's card. `radius_metres` is the client's own, None where the organisation's holds.

    `revision` grows with each change of who they are: whoever changes it says which one they read.
    """

    id: ClientId
    area_id: AreaId
    area: str
    civility: str
    last_name: str
    first_name: str
    fragile: bool
    instructions: str
    ended_on: date | None
    traits: list[str]
    checks_place: bool
    radius_metres: int | None
    revision: int

    @property
    def name(self) -> str:
        """« NOM Prénom »."""
        return full_name(self.last_name, self.first_name)


@dataclass(frozen=True, slots=True)
class HomeCard:
    """A home with everything that names it: code, label, lines, tags.

    A missed call counts from `lines_without_keys`, and from none of the other lines.

    `checks_place`: a telephone that punches may check whether it is there, if the organisation wants it;
    within `radius_metres`, None where the client's or the organisation's radius holds.
    """

    id: HomeId
    client_id: ClientId
    label: str
    street: str
    postal_code: str
    city: str
    access_notes: str
    lon: float | None
    lat: float | None
    home_code: str
    qr_token: str
    lines: list[str]
    lines_without_keys: list[str]
    tags: list[str]
    checks_place: bool
    radius_metres: int | None
    revision: int


@dataclass(frozen=True, slots=True)
class NewHome:
    """What is needed to open a home. `lon` and `lat` are degrees (WGS 84), absent when not geocoded."""

    street: str
    postal_code: str
    city: str
    commune_code: str = ""
    label: str = "Domicile"
    access_notes: str = ""
    lon: float | None = None
    lat: float | None = None

    def clean(self) -> Self:
        """Return it in the form in which it is kept. Raises `InvalidError` for what cannot be."""
        return replace(
            self,
            street=require_line(self.street, missing="Saisissez le numéro et la voie."),
            postal_code=clean_postal_code(self.postal_code),
            city=clean_line(self.city),
            label=require_line(self.label, missing="Donnez un nom à ce domicile."),
            access_notes=clean_notes(self.access_notes),
        )
