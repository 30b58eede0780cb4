"""The form of the check of the place."""

from typing import Self

from backoffice_web.forms import BooleanField, Form, InputRequired, IntegerField, NumberRange
from backoffice_web.i18n import lazy
from homecare.clients.place_rules import LARGEST_RADIUS, SMALLEST_RADIUS
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
