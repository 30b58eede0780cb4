"""The sign-in form."""

from backoffice_web.forms import EmailField, Form, InputRequired, Length, PasswordField
from backoffice_web.i18n import lazy

EMAIL_LENGTH = 254
PASSWORD_LENGTH = 1024


class SignInForm(Form):
    """An address and a password; which of the two is wrong is never told."""

    email = EmailField(
        lazy("Adresse e-mail"),
        validators=[InputRequired(lazy("Saisissez votre adresse e-mail.")), Length(max=EMAIL_LENGTH)],
    )
    password = PasswordField(
        lazy("Mot de passe"),
        validators=[InputRequired(lazy("Saisissez votre mot de passe.")), Length(max=PASSWORD_LENGTH)],
    )
