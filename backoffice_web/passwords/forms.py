"""The forms by which a person chooses a password."""

from backoffice_web.forms import Form, InputRequired, Length, PasswordField, ValidationError
from backoffice_web.i18n import lazy
from homecare.access.passwords import MAXIMUM_LENGTH, check_password
from homecare.kernel.errors import InvalidError


class ChoiceForm(Form):
    """A password to be."""

    password = PasswordField(
        lazy("Nouveau mot de passe"), validators=[InputRequired(lazy("Choisissez un mot de passe."))]
    )

    def validate_password(self, field: PasswordField) -> None:
        """Refuse one that the domain would refuse. It is taken as it is typed."""
        try:
            check_password(field.data)
        except InvalidError as error:
            raise ValidationError(str(error)) from error


class ChangeForm(ChoiceForm):
    """The present password and the one to be."""

    present = PasswordField(
        lazy("Mot de passe actuel"),
        validators=[
            InputRequired(lazy("Saisissez votre mot de passe actuel.")),
            Length(max=MAXIMUM_LENGTH, message=lazy("Ce mot de passe est trop long.")),
        ],
    )
