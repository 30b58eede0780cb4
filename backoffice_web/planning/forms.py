"""What is asked to move a visit (to whom, when, what is accepted), to add or cancel one, to publish a day."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from backoffice_web.forms import (
    DateField,
    Form,
    HiddenField,
    InputRequired,
    IntegerField,
    Length,
    NumberRange,
    Optional,
    RadioField,
    Regexp,
    SelectField,
    StringField,
    TimeField,
    ValidationError,
    choices,
)
from backoffice_web.i18n import _, lazy
from backoffice_web.layout.formats import duration
from backoffice_web.planning.words import CANCEL_REASONS
from homecare.clients.model import HomeCard
from homecare.kernel.calendar import PARIS, paris_day, paris_instant
from homecare.kernel.ids import AreaId, HomeId, ServiceId, WorkerId
from homecare.visits.adding import LONGEST, SHORTEST, UsualLength
from homecare.visits.cancelling import CancelReason
from homecare.visits.planning import PlannedVisit
from homecare.visits.queries import Service

NOBODY = "0"


@dataclass(frozen=True, slots=True)
class Move:
    """What is asked: a worker (None: nobody), a start, the revision looked at, whether it was accepted."""

    worker: WorkerId | None
    starts_at: datetime
    revision: int
    accepted: bool


class MoveForm(Form):
    """What « Déplacer… » asks. What is accepted is one worker at one start: another choice asks again."""

    day = DateField(lazy("Jour"), validators=[InputRequired(lazy("Choisissez un jour."))])
    at = TimeField(lazy("Heure de début"), validators=[InputRequired(lazy("Saisissez une heure."))])
    worker = SelectField(lazy("Qui peut ?"), validate_choice=False, validators=[Regexp(r"^[0-9]{1,18}$")])
    revision = HiddenField(validators=[InputRequired(), Regexp(r"^[0-9]{1,9}$")])
    accepted = HiddenField(default="")

    def show(self, visit: PlannedVisit, starts_at: datetime, worker: WorkerId | None) -> "MoveForm":
        """Fill in the visit as it would be."""
        self.day.data = paris_day(starts_at)
        self.at.data = starts_at.astimezone(PARIS).time()
        self.worker.data = NOBODY if worker is None else str(worker)
        self.revision.data = str(visit.revision)
        return self

    def command(self) -> Move:
        """Return the move as typed, in Paris time."""
        worker = int(self.worker.data)
        return Move(
            worker=WorkerId(worker) if worker else None,
            starts_at=paris_instant(self.day.data, self.at.data),
            revision=int(self.revision.data),
            accepted=self.text("accepted") == self.acceptance(),
        )

    def acceptance(self) -> str:
        """Return what the button that accepts has to send for the present choice."""
        return f"{self.worker.data}@{self.day.data} {self.at.data}"


@dataclass(frozen=True, slots=True)
class Cancellation:
    """Why a visit is cancelled, in a code and words, and the revision looked at."""

    reason: CancelReason
    words: str
    revision: int


class CancelForm(Form):
    """What « Annuler l'intervention… » asks."""

    reason = RadioField(
        lazy("Pourquoi ?"),
        choices=choices(CANCEL_REASONS.items()),
        validators=[InputRequired(lazy("Choisissez pourquoi elle est annulée."))],
    )
    words = StringField(
        lazy("Précision"), validators=[Length(max=200, message=lazy("200 caractères au plus."))]
    )
    revision = HiddenField(validators=[InputRequired(), Regexp(r"^[0-9]{1,9}$")])

    def validate_words(self, _field: StringField) -> None:
        """Refuse « Autre » without a word."""
        if self.reason.data == CancelReason.OTHER and not self.text("words"):
            raise ValidationError(str(lazy("Dites en quelques mots pourquoi.")))

    def show(self, visit: PlannedVisit) -> "CancelForm":
        """Fill in what is looked at."""
        self.revision.data = str(visit.revision)
        return self

    def command(self) -> Cancellation:
        """Return what is to be cancelled and why."""
        return Cancellation(CancelReason(self.reason.data), self.text("words"), int(self.revision.data))


@dataclass(frozen=True, slots=True)
class Added:
    """A visit as typed, in Paris time."""

    home: HomeId
    service: ServiceId
    starts_at: datetime
    minutes: int


class AddForm(Form):
    """What one visit is. Without a length it lasts as long as its service usually does."""

    home = SelectField(lazy("Domicile"))
    service = SelectField(lazy("Prestation"))
    day = DateField(lazy("Jour"), validators=[InputRequired(lazy("Choisissez un jour."))])
    at = TimeField(lazy("Début"), validators=[InputRequired(lazy("Saisissez l'heure de début."))])
    minutes = IntegerField(
        lazy("Durée, en minutes"),
        validators=[
            Optional(),
            NumberRange(SHORTEST, LONGEST, lazy("La durée va de 5 à 1 440 minutes.")),
        ],
    )

    def offer(
        self,
        homes: Sequence[HomeCard],
        services: Sequence[Service],
        lengths: Mapping[ServiceId, UsualLength],
        *,
        day: date,
    ) -> "AddForm":
        """Let these be chosen, what the client usually has first; on `day` unless another is typed."""
        self.lengths = lengths
        self.home.choices = choices((home.id, f"{home.label}, {home.street}") for home in homes)
        usual = sorted(services, key=lambda one: not (one.id in lengths and lengths[one.id].is_clients))
        self.service.choices = choices((one.id, self._service_words(one)) for one in usual)
        if not self.is_submitted():
            self.day.data = day
        return self

    def _service_words(self, service: Service) -> str:
        usual = self.lengths.get(service.id)
        return service.name if usual is None else f"{service.name} ({duration(usual.minutes)})"

    def validate(self, extra_validators: Any = None) -> bool:
        """Check every field; what has no usual length is asked for one."""
        sensible = super().validate(extra_validators)
        if self.service.errors or self.minutes.errors or self.minutes.data is not None:
            return sensible
        if ServiceId(int(self.service.data)) in self.lengths:
            return sensible
        self.refuse("minutes", _("Saisissez la durée : cette prestation n'en a pas d'habituelle."))
        return False

    def command(self) -> Added:
        """Return the visit as typed."""
        service = ServiceId(int(self.service.data))
        return Added(
            home=HomeId(int(self.home.data)),
            service=service,
            starts_at=paris_instant(self.day.data, self.at.data),
            minutes=self.minutes.data or self.lengths[service].minutes,
        )


@dataclass(frozen=True, slots=True)
class Publication:
    """A day to publish, in one area or (None) in all those within reach."""

    day: date
    area: AreaId | None


class PublishForm(Form):
    """What the dialog that publishes sends, in the words of the planning's address. Nothing is guessed."""

    jour = DateField(validators=[InputRequired()])
    secteur = StringField(validators=[Regexp(r"^[0-9]{0,18}$")])

    def command(self) -> Publication:
        """Return what is to be published."""
        area = self.text("secteur")
        return Publication(self.jour.data, AreaId(int(area)) if area else None)
