"""The forms about punches: what becomes of one that waits, a line that is refused, a part of the ledger."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from backoffice_web.forms import (
    DataRequired,
    DateField,
    Form,
    HiddenField,
    InputRequired,
    Length,
    RadioField,
    StringField,
    TelField,
    TextAreaField,
    ValidationError,
    choices,
)
from backoffice_web.i18n import lazy
from backoffice_web.phones import PhoneNumber
from backoffice_web.punches.words import REASON_WORDS
from homecare.kernel.ids import VisitId, WorkerId
from homecare.punches.deciding import RejectReason
from homecare.punches.model import Edge

LONGEST_ID = 18


class WholeNumber:
    """Refuses what no id can be."""

    def __call__(self, _form: object, field: Any) -> None:
        """Raise `ValidationError` unless it is a few figures, or nothing."""
        text = field.data or ""
        if text and not (text.isascii() and text.isdigit() and len(text) <= LONGEST_ID):
            raise ValidationError(lazy("Ce choix n'existe pas."))


@dataclass(frozen=True, slots=True)
class Link:
    """The visit and the end chosen, and whose visit the coordinator was shown that it is (None: nobody's)."""

    visit: VisitId
    edge: Edge
    instead_of: WorkerId | None


class LinkForm(Form):
    """One button of a proposal."""

    visit = HiddenField(validators=[DataRequired(), WholeNumber()])
    edge = HiddenField(validators=[DataRequired()])
    instead_of = HiddenField(validators=[WholeNumber()])

    def validate_edge(self, field: Any) -> None:
        """Refuse what is neither end."""
        if field.data not in set(Edge):
            raise ValidationError(lazy("Ce choix n'existe pas."))

    def command(self) -> Link:
        """Return the choice."""
        planned = self.instead_of.data
        return Link(
            VisitId(int(self.visit.data)), Edge(self.edge.data), WorkerId(int(planned)) if planned else None
        )


class RejectForm(Form):
    """Why the punch belongs to no visit."""

    reason = RadioField(
        lazy("Motif"),
        choices=choices((reason.value, word) for reason, word in REASON_WORDS.items()),
        validators=[InputRequired(lazy("Choisissez un motif."))],
    )
    comment = TextAreaField(lazy("Précision"), validators=[Length(max=500)])

    def command(self) -> tuple[RejectReason, str]:
        """Return the reason and the words."""
        return RejectReason(self.reason.data), self.text("comment")


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
