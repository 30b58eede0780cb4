"""The forms of places: how near counts as there, and the other places agreed with a client."""

from collections.abc import Sequence
from typing import Any, Self

from backoffice_web.addresses.book import AddressBook
from backoffice_web.clients.forms import LONGEST_NAME, HomeForm
from backoffice_web.forms import (
    BooleanField,
    Form,
    IntegerField,
    Length,
    NumberRange,
    Optional,
    RadioField,
    SelectField,
    StringField,
    Worded,
    choices,
)
from backoffice_web.i18n import lazy
from homecare.clients.model import Client
from homecare.clients.place_rules import LARGEST_RADIUS, SMALLEST_RADIUS
from homecare.clients.sites import NewSite, Site, SiteKind
from homecare.kernel.ids import SiteId

SITE_WORDS: dict[SiteKind, Any] = {
    SiteKind.FAMILY: lazy("Chez un proche"),
    SiteKind.DAY_CENTRE: lazy("Accueil de jour"),
    SiteKind.OTHER: lazy("Autre lieu"),
}


def _radius(label: Any) -> IntegerField:
    return IntegerField(
        label,
        validators=[
            Optional(),
            NumberRange(SMALLEST_RADIUS, LARGEST_RADIUS, lazy("Le rayon va de 50 à 2000 mètres.")),
        ],
    )


class HomeRadiusForm(Form):
    """A home's own radius; empty: the client's or the agency's."""

    home_metres = _radius(lazy("Rayon propre à ce domicile, en mètres"))


class ClientPlaceForm(Form):
    """Whether a client's places are checked, and within which radius."""

    checks = BooleanField(lazy("Vérifier le lieu à ses domiciles"))
    radius_metres = _radius(lazy("Rayon du bénéficiaire, en mètres"))

    def show(self, client: Client) -> Self:
        """Fill in what stands, unless what was sent is refused: the card has other forms, too."""
        if not self.errors:
            self.checks.data = client.checks_place
            self.radius_metres.data = client.radius_metres
        return self


class SiteForm(HomeForm):
    """Another place agreed with a client."""

    kind = RadioField(
        lazy("Quel lieu"),
        choices=choices((kind.value, word) for kind, word in SITE_WORDS.items()),
        default=SiteKind.FAMILY.value,
    )
    name = StringField(
        lazy("Nom du lieu"),
        validators=[Worded(lazy("Donnez un nom à ce lieu.")), Length(max=LONGEST_NAME)],
    )
    radius_metres = _radius(lazy("Rayon propre à ce lieu, en mètres"))

    def site(self, book: AddressBook) -> NewSite:
        """Return the site as typed, with its place when the map knows the address."""
        where = self.home(book)
        return NewSite(
            kind=SiteKind(self.kind.data),
            name=self.text("name"),
            street=where.street,
            postal_code=where.postal_code,
            city=where.city,
            lon=where.lon,
            lat=where.lat,
            radius_metres=self.radius_metres.data,
        )


class JoinSiteForm(Form):
    """A day centre that other clients attend already."""

    site = SelectField(lazy("Accueil de jour déjà connu"))

    def offer(self, sites: Sequence[Site]) -> Self:
        """Let these sites be chosen."""
        self.site.choices = choices((one.id, f"{one.name}, {one.city}") for one in sites)
        return self

    def chosen(self) -> SiteId:
        """Return the site."""
        return SiteId(int(self.site.data))
