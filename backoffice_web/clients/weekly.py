"""The weekly plan of a client: its form, and adding one, which makes the visits of the weeks to come."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from backoffice_web.access import person, requires
from backoffice_web.clients.views import clients
from backoffice_web.forms import (
    BooleanField,
    DateField,
    Form,
    InputRequired,
    IntegerField,
    NumberRange,
    Optional,
    SelectField,
    SelectMultipleField,
    TimeField,
    ValidationError,
    choices,
)
from backoffice_web.i18n import _, _n, lazy
from backoffice_web.once import once
from backoffice_web.transaction import conn, now
from homecare.access.model import Permission
from homecare.clients.model import HomeCard
from homecare.clients.queries import find_client, list_homes
from homecare.kernel.calendar import paris_day
from homecare.kernel.ids import ClientId, HomeId, ServiceId
from homecare.visits.operations import AgreedTwiceError, create_recurrence, make_visits
from homecare.visits.queries import Service, list_services

WEEKDAYS = ("Lun", "Mar", "Mer", "Jeu", "Ven", "Sam", "Dim")
MADE_AHEAD = timedelta(days=28)


@dataclass(frozen=True, slots=True)
class Agreed:
    """A weekly plan as typed; `until` is the day after the last one. `is_in_pairs`: beside another one."""

    home: HomeId
    service: ServiceId
    weekdays: list[int]
    starts: time
    minutes: int
    flexible_minutes: int
    since: date
    until: date | None
    is_in_pairs: bool


class RecurrenceForm(Form):
    """What is agreed with the client for every week."""

    home = SelectField(lazy("Domicile"))
    service = SelectField(lazy("Prestation"))
    weekdays = SelectMultipleField(
        lazy("Jours"),
        choices=choices((number, lazy(word)) for number, word in enumerate(WEEKDAYS, start=1)),
        validators=[InputRequired(lazy("Choisissez au moins un jour."))],
    )
    starts = TimeField(lazy("Début"), validators=[InputRequired(lazy("Saisissez l'heure de début."))])
    minutes = IntegerField(
        lazy("Durée, en minutes"),
        default=60,
        validators=[
            InputRequired(lazy("Saisissez la durée en minutes.")),
            NumberRange(5, 1440, lazy("La durée va de 5 à 1 440 minutes.")),
        ],
    )
    flexible_minutes = IntegerField(
        lazy("Souplesse, en minutes"),
        default=0,
        validators=[Optional(), NumberRange(0, 720, lazy("La souplesse va de 0 à 720 minutes."))],
    )
    since = DateField(lazy("À partir du"), validators=[InputRequired(lazy("Saisissez la date de début."))])
    until = DateField(lazy("Jusqu'au"), validators=[Optional()])
    is_in_pairs = BooleanField(lazy("Deux intervenants y vont ensemble : l'ajouter quand même"))
    is_agreed_twice = False

    def offer(self, homes: Sequence[HomeCard], services: Sequence[Service], *, day: date) -> "RecurrenceForm":
        """Let these homes and services be chosen; it begins on `day` unless another is typed."""
        self.home.choices = choices((home.id, f"{home.label}, {home.street}") for home in homes)
        self.service.choices = choices((service.id, service.name) for service in services)
        if not self.is_submitted():
            self.since.data = day
        return self

    def validate_until(self, field: DateField) -> None:
        """Refuse a plan that ends before it begins."""
        if field.data and self.since.data and field.data < self.since.data:
            raise ValidationError(str(lazy("La fin précède le début.")))

    def command(self) -> Agreed:
        """Return what is agreed."""
        return Agreed(
            home=HomeId(int(self.home.data)),
            service=ServiceId(int(self.service.data)),
            weekdays=sorted(int(day) for day in self.weekdays.data),
            starts=self.starts.data,
            minutes=self.minutes.data,
            flexible_minutes=self.flexible_minutes.data or 0,
            since=self.since.data,
            until=None if self.until.data is None else self.until.data + timedelta(days=1),
            is_in_pairs=bool(self.is_in_pairs.data),
        )


@clients.route("/<int:client>/planning-type", methods=["GET", "POST"])
@requires(Permission.CHANGE_CLIENTS)
def add_recurrence(client: int) -> ResponseReturnValue:
    """Agree on a weekly plan; its visits of the four weeks to come are made, without a worker yet."""
    found = find_client(conn(), ClientId(client))
    form = RecurrenceForm().offer(list_homes(conn(), found.id), list_services(conn()), day=paris_day(now()))
    if form.is_sent_and_valid():
        try:
            return redirect(once(lambda: _agree(found.id, form.command())), 303)
        except AgreedTwiceError as error:
            form.is_agreed_twice = True
            form.refuse("weekdays", str(error))
    page = render_template("clients/recurrence.html", form=form, client=found)
    return page, 422 if form.errors else 200


def _agree(client: ClientId, agreed: Agreed) -> str:
    create_recurrence(
        conn(),
        person().actor,
        client=client,
        home=agreed.home,
        service=agreed.service,
        weekdays=agreed.weekdays,
        starts=agreed.starts,
        minutes=agreed.minutes,
        flexible_minutes=agreed.flexible_minutes,
        since=agreed.since,
        until=agreed.until,
        is_in_pairs=agreed.is_in_pairs,
        now=now(),
    )
    today = paris_day(now())
    made = make_visits(conn(), today, today + MADE_AHEAD, client=client)
    flash(
        _n("%(num)s intervention à pourvoir.", "%(num)s interventions à pourvoir.", made)
        if made
        else _("Planning type enregistré : ses interventions viendront à leur date.")
    )
    return url_for("clients.card", client=client)
