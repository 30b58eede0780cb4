"""The forms of payers: what one is and is called, and which pays for a client on which days."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Self

from backoffice_web.forms import (
    Checked,
    DateField,
    Form,
    InputRequired,
    Optional,
    SelectField,
    StringField,
    choices,
)
from backoffice_web.i18n import lazy
from backoffice_web.layout.vocabulary import PAYER_WORDS
from homecare.kernel.ids import PayerId
from homecare.payers.model import Payer, PayerKind
from homecare.payers.operations import check_payer_name


class PayerForm(Form):
    """What a payer is and is called."""

    name = StringField(lazy("Nom"), validators=[Checked(check_payer_name)])
    kind = SelectField(
        lazy("Quel payeur"), choices=choices((kind.value, word) for kind, word in PAYER_WORDS.items())
    )

    def command(self) -> tuple[PayerKind, str]:
        """Return the kind and the name."""
        return PayerKind(self.kind.data), self.text("name")


class ClientPayerForm(Form):
    """A payer of a client, from a day on."""

    payer = SelectField(lazy("Payeur"), validators=[InputRequired(lazy("Choisissez un payeur."))])
    pays_since = DateField(lazy("Paie à partir du"), validators=[InputRequired(lazy("Saisissez une date."))])

    def offer(self, payers: Sequence[Payer], *, today: date) -> Self:
        """Let those in service be chosen; from today unless it is typed."""
        self.payer.choices = choices((one.id, one.name) for one in payers if one.retired_on is None)
        if self.pays_since.raw_data is None:
            self.pays_since.data = today
        return self

    def command(self) -> tuple[PayerId, date]:
        """Return the payer and the first day."""
        return PayerId(int(self.payer.data)), self.pays_since.data


class LastDayForm(Form):
    """The last day on which a payer pays for a client; empty while it goes on."""

    last_day = DateField(lazy("Dernier jour"), validators=[Optional()])

    def show(self, until: date | None) -> Self:
        """Fill in the day before `until`."""
        self.last_day.data = until and until - timedelta(days=1)
        return self

    def command(self) -> date | None:
        """Return the day."""
        last: date | None = self.last_day.data
        return last
