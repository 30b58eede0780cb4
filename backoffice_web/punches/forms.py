"""The form of a line from which the agency takes no call."""

from backoffice_web.forms import DataRequired, Form, Length, StringField, TelField
from backoffice_web.i18n import lazy
from backoffice_web.phones import PhoneNumber


class RefusedLineForm(Form):
    """A number, and why its calls are not taken."""

    number = TelField(
        lazy("Numéro à refuser"), validators=[DataRequired(lazy("Saisissez un numéro.")), PhoneNumber()]
    )
    reason = StringField(
        lazy("Motif"),
        validators=[DataRequired(lazy("Dites pourquoi cette ligne est refusée.")), Length(max=200)],
    )
