"""The forms of the settings of punches: the check of the place, the tablets of day centres."""

from collections.abc import Sequence
from typing import Self

from backoffice_web.forms import (
    BooleanField,
    DataRequired,
    Form,
    InputRequired,
    IntegerField,
    Length,
    NumberRange,
    SelectField,
    StringField,
    choices,
)
from backoffice_web.i18n import lazy
from homecare.clients.place_rules import LARGEST_RADIUS, SMALLEST_RADIUS
from homecare.clients.sites import Site
from homecare.kernel.ids import SiteId
from homecare.punches.place_setting import PlaceSetting


class PlaceForm(Form):
    """Whether telephones check the place, and how far from the home still counts as there."""

    is_on = BooleanField(lazy("Vérifier le lieu quand un intervenant pointe sur son téléphone"))
    radius_metres = IntegerField(
        lazy("Rayon autour du domicile, en mètres"),
        validators=[
            InputRequired(lazy("Saisissez un nombre de mètres.")),
            NumberRange(SMALLEST_RADIUS, LARGEST_RADIUS, lazy("Le rayon va de 50 à 2000 mètres.")),
        ],
    )

    def show(self, setting: PlaceSetting) -> Self:
        """Fill in what stands, unless something was sent."""
        if not self.is_submitted():
            self.is_on.data = setting.is_on
            self.radius_metres.data = setting.radius_metres
        return self

    def command(self) -> PlaceSetting:
        """Return the setting as typed."""
        return PlaceSetting(bool(self.is_on.data), self.radius_metres.data)


class TabletForm(Form):
    """A tablet to invite: the day centre where it stands, and what it is called."""

    site = SelectField(lazy("Accueil de jour"))
    label = StringField(
        lazy("Nom de la tablette"),
        validators=[DataRequired(lazy("Donnez un nom à cette tablette.")), Length(max=60)],
    )

    def offer(self, sites: Sequence[Site]) -> Self:
        """Let these sites be chosen."""
        self.site.choices = choices((one.id, f"{one.name}, {one.city}") for one in sites)
        return self

    def command(self) -> tuple[SiteId, str]:
        """Return the site and the label."""
        return SiteId(int(self.site.data)), self.text("label")
