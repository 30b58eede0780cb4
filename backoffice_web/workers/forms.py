"""The forms of a worker: who they are, under which contract, what they can do, when, what they must avoid."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from decimal import Decimal
from typing import Self

from backoffice_web.addresses.book import AddressBook
from backoffice_web.forms import (
    Checked,
    DataRequired,
    DateField,
    Form,
    InputRequired,
    Length,
    Optional,
    Regexp,
    SelectField,
    SelectMultipleField,
    StringField,
    TelField,
    TimeField,
    ValidationError,
    Worded,
    choices,
)
from backoffice_web.i18n import lazy
from backoffice_web.meanwhile import CardForm
from backoffice_web.phones import PhoneNumber
from homecare.access.model import Area, Company
from homecare.kernel.ids import AreaId, CompanyId
from homecare.kernel.text import clean_postal_code
from homecare.workers.model import Language, TravelMode, Worker

LONGEST_NAME = 80
LEVELS = ((1, lazy("1, débute")), (2, lazy("2, autonome")), (3, lazy("3, référent")))
MODES = (
    (TravelMode.CAR, lazy("voiture")),
    (TravelMode.BIKE, lazy("vélo")),
    (TravelMode.FOOT, lazy("à pied")),
)
LANGUAGES = (
    (Language.FRENCH, lazy("français")),
    (Language.EASY_FRENCH, lazy("français facile")),
    (Language.ENGLISH, lazy("anglais")),
    (Language.ARABIC, lazy("arabe")),
    (Language.PORTUGUESE, lazy("portugais")),
    (Language.SPANISH, lazy("espagnol")),
)
WEEKDAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
LONGEST_WEEK = 48 * 60


@dataclass(frozen=True, slots=True)
class Typed:
    """What the form says of a worker. `lon` and `lat` are None when the map does not know the address."""

    area: AreaId
    last_name: str
    first_name: str
    phone: str | None
    language: Language
    travel_mode: TravelMode
    street: str
    postal_code: str
    city: str
    lon: float | None
    lat: float | None


class WorkerForm(Form):
    """Identity, how to reach them, how they travel and from where."""

    last_name = StringField(
        lazy("Nom"), validators=[Worded(lazy("Saisissez le nom.")), Length(max=LONGEST_NAME)]
    )
    first_name = StringField(
        lazy("Prénom"), validators=[Worded(lazy("Saisissez le prénom.")), Length(max=LONGEST_NAME)]
    )
    phone = TelField(lazy("Téléphone"), validators=[PhoneNumber()])
    language = SelectField(
        lazy("Langue du téléphone"), choices=choices((one.value, word) for one, word in LANGUAGES)
    )
    travel_mode = SelectField(lazy("Se déplace"), choices=choices((m.value, word) for m, word in MODES))
    area_id = SelectField(lazy("Secteur"))
    street = StringField(lazy("Numéro et voie"), validators=[Length(max=160)])
    postal_code = StringField(
        lazy("Code postal"),
        validators=[Optional(), Checked(clean_postal_code)],
    )
    city = StringField(lazy("Commune"), validators=[Length(max=LONGEST_NAME)])

    def offer(self, areas: Sequence[Area]) -> Self:
        """Let these areas be chosen."""
        self.area_id.choices = choices((area.id, area.name) for area in areas)
        return self

    def command(self, book: AddressBook) -> Typed:
        """Return what was typed, the address found on the map if it is there."""
        found = book.find(self.text("street"), city=self.text("city"))
        return Typed(
            area=AreaId(int(self.area_id.data)),
            last_name=self.text("last_name"),
            first_name=self.text("first_name"),
            phone=self.text("phone") or None,
            language=Language(self.text("language")),
            travel_mode=TravelMode(self.travel_mode.data),
            street=self.text("street"),
            postal_code=self.text("postal_code"),
            city=self.text("city"),
            lon=found.lon if found else None,
            lat=found.lat if found else None,
        )


class WorkerCardForm(CardForm, WorkerForm):
    """A worker's card, changed; and the day from which they are no longer there."""

    left_on = DateField(lazy("Ne travaille plus à partir du"), validators=[Optional()])

    @staticmethod
    def standing(worker: Worker) -> dict[str, object]:
        """Return what stands, by field."""
        return {
            "last_name": worker.last_name,
            "first_name": worker.first_name,
            "phone": worker.phone,
            "language": Language(worker.language).value,
            "area_id": str(worker.area_id),
            "travel_mode": TravelMode(worker.travel_mode).value,
            "street": worker.street,
            "postal_code": worker.postal_code,
            "city": worker.city,
            "left_on": worker.left_on,
        }


class ContractForm(Form):
    """A contract, or an amendment that replaces it from its date on."""

    since = DateField(lazy("À partir du"), validators=[DataRequired(lazy("Saisissez la date de début."))])
    weekly_hours = StringField(
        lazy("Heures par semaine"),
        validators=[
            DataRequired(lazy("Saisissez les heures par semaine.")),
            Regexp(r"^\s*[0-9]{1,2}([,.][0-9]{1,2})?\s*$", message=lazy("Saisissez par exemple 30 ou 30,5.")),
        ],
    )

    def validate_weekly_hours(self, field: StringField) -> None:
        """Refuse a week that no contract has."""
        if not field.errors and not 0 < self.weekly_minutes <= LONGEST_WEEK:
            raise ValidationError(str(lazy("Un contrat va jusqu'à 48 heures par semaine.")))

    @property
    def weekly_minutes(self) -> int:
        """The week in whole minutes."""
        return round(Decimal(self.text("weekly_hours").replace(",", ".")) * 60)


class HoursForm(Form):
    """Weekly hours in which the worker may be planned."""

    weekdays = SelectMultipleField(
        lazy("Jours"),
        choices=choices((number, lazy(word)) for number, word in enumerate(WEEKDAYS, start=1)),
        validators=[InputRequired(lazy("Choisissez au moins un jour."))],
    )
    starts = TimeField(lazy("De"), default=time(7), validators=[InputRequired(lazy("Saisissez une heure."))])
    ends = TimeField(lazy("À"), default=time(20), validators=[InputRequired(lazy("Saisissez une heure."))])

    def validate_ends(self, field: TimeField) -> None:
        """Refuse hours that end before they begin."""
        if field.data and self.starts.data and field.data <= self.starts.data:
            raise ValidationError(str(lazy("La fin doit suivre le début.")))

    @property
    def days(self) -> list[int]:
        """The ISO weekdays chosen."""
        return sorted(int(day) for day in self.weekdays.data)


class NewWorkerForm(WorkerForm, ContractForm, HoursForm):
    """A new worker with a first contract and usual hours."""

    company_id = SelectField(lazy("Société"))

    def offer_companies(self, companies: Sequence[Company], *, day: date) -> Self:
        """Let these companies be chosen; the contract begins on `day` unless another is typed."""
        self.company_id.choices = choices((company.id, company.name) for company in companies)
        if not self.is_submitted():
            self.since.data = day
            self.weekdays.data = ["1", "2", "3", "4", "5"]
        return self

    @property
    def company(self) -> CompanyId:
        """The company chosen."""
        return CompanyId(int(self.company_id.data))


class SkillForm(Form):
    """A skill with its level and, when it expires, its last day."""

    name = StringField(
        lazy("Compétence"), validators=[Worded(lazy("Saisissez la compétence.")), Length(max=80)]
    )
    level = SelectField(lazy("Niveau"), choices=choices(LEVELS))
    since = DateField(lazy("Depuis le"), validators=[InputRequired(lazy("Saisissez la date."))])
    last_day = DateField(lazy("Valable jusqu'au"), validators=[Optional()])

    def validate_last_day(self, field: DateField) -> None:
        """Refuse a skill that ends before it begins."""
        if field.data and self.since.data and field.data < self.since.data:
            raise ValidationError(str(lazy("La fin précède le début.")))

    @property
    def until(self) -> date | None:
        """The day after the last one; None: it does not expire."""
        return None if self.last_day.data is None else self.last_day.data + timedelta(days=1)


class BanForm(Form):
    """What the worker must not meet in a home."""

    trait = StringField(
        lazy("Ne doit pas rencontrer"),
        validators=[Worded(lazy("Dites ce que l'intervenant évite.")), Length(max=40)],
    )
    reason = StringField(lazy("Motif"), validators=[Length(max=200)])

    def command(self) -> tuple[str, str]:
        """Return the trait in small letters, and why."""
        return self.text("trait").lower(), self.text("reason")
