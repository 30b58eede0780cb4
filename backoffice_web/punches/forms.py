"""The forms about punches: a line from which the agency takes no call, a part of the ledger."""

from datetime import date, timedelta
from typing import Any

from backoffice_web.forms import (
    DataRequired,
    DateField,
    Form,
    InputRequired,
    Length,
    StringField,
    TelField,
    ValidationError,
)
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


class LedgerForm(Form):
    """The days of the ledger to take away, both included."""

    first = DateField(lazy("Premier jour"), validators=[InputRequired(lazy("Choisissez le premier jour."))])
    last = DateField(lazy("Dernier jour"), validators=[InputRequired(lazy("Choisissez le dernier jour."))])

    def validate_last(self, field: Any) -> None:
        """Refuse a period that ends before it begins."""
        if self.first.data and field.data and field.data < self.first.data:
            raise ValidationError(lazy("Le dernier jour précède le premier."))

    def command(self) -> tuple[date, date]:
        """Return the period, half-open."""
        return self.first.data, self.last.data + timedelta(days=1)
