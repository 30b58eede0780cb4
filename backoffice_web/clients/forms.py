"""Forms about clients and their homes."""

import phonenumbers

from backoffice_web.forms import (
    BooleanField,
    Form,
    InputRequired,
    Length,
    Regexp,
    SelectField,
    StringField,
    TelField,
    TextAreaField,
    ValidationError,
)
from backoffice_web.i18n import _, lazy
from homecare.access.model import Area
from homecare.clients.model import NewHome
from homecare.kernel.ids import AreaId

NAME_LENGTH = 80
TEXT_LENGTH = 2000


class ClientForm(Form):
    """What a client's card says of the person."""

    civility = SelectField(lazy("Civilité"), choices=[("", ""), ("Mme", "Mme"), ("M.", "M.")])
    last_name = StringField(
        lazy("Nom"), validators=[InputRequired(lazy("Saisissez le nom.")), Length(max=NAME_LENGTH)]
    )
    first_name = StringField(
        lazy("Prénom"), validators=[InputRequired(lazy("Saisissez le prénom.")), Length(max=NAME_LENGTH)]
    )
    fragile = BooleanField(lazy("Bénéficiaire fragile : ses retards passent devant les autres"))
    instructions = TextAreaField(lazy("Consignes pour l'intervenant"), validators=[Length(max=TEXT_LENGTH)])
    area_id = SelectField(
        lazy("Secteur"), coerce=int, validators=[InputRequired(lazy("Choisissez un secteur."))]
    )

    def offer(self, areas: list[Area]) -> None:
        """Offer these areas."""
        self.area_id.choices = [(int(area.id), area.name) for area in areas]

    @property
    def area(self) -> AreaId:
        """The area chosen."""
        return AreaId(int(self.area_id.data))


class NewClientForm(ClientForm):
    """A new client, with a first home."""

    street = StringField(
        lazy("Numéro et voie"), validators=[InputRequired(lazy("Saisissez l'adresse.")), Length(max=200)]
    )
    postal_code = StringField(
        lazy("Code postal"), validators=[Regexp(r"^\d{5}$", message=lazy("Un code postal a cinq chiffres."))]
    )
    city = StringField(
        lazy("Commune"), validators=[InputRequired(lazy("Saisissez la commune.")), Length(max=NAME_LENGTH)]
    )
    access_notes = StringField(lazy("Accès"), validators=[Length(max=200)])

    def home(self) -> NewHome:
        """Return the home as typed; it is placed on the map by the import or by hand."""
        return NewHome(
            street=self.text("street"),
            postal_code=self.text("postal_code"),
            city=self.text("city"),
            access_notes=self.text("access_notes"),
        )


class LineForm(Form):
    """A telephone line of a home."""

    number = TelField(
        lazy("Numéro de la ligne fixe"), validators=[InputRequired(lazy("Saisissez un numéro."))]
    )

    def validate_number(self, _field: object) -> None:
        """Refuse what is no French number, or no number at all."""
        if self.e164() is None:
            raise ValidationError(_("Ce numéro n'existe pas : exemple 05 55 00 00 00."))

    def e164(self) -> str | None:
        """Return the number as +33…, None when it is none."""
        try:
            number = phonenumbers.parse(self.text("number"), "FR")
        except phonenumbers.NumberParseException:
            return None
        if not phonenumbers.is_possible_number(number):
            return None
        return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
