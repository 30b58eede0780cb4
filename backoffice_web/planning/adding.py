"""Adding one visit beside the weekly plan: for whom, what, when; then the dialog that chooses who goes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from backoffice_web.access import person, requires
from backoffice_web.arguments import day_in, search_in
from backoffice_web.forms import (
    DateField,
    Form,
    InputRequired,
    IntegerField,
    NumberRange,
    Optional,
    SelectField,
    TimeField,
    choices,
)
from backoffice_web.i18n import _, lazy
from backoffice_web.layout.formats import duration
from backoffice_web.once import once
from backoffice_web.planning.views import planning
from backoffice_web.transaction import conn, now
from homecare.access.model import Permission
from homecare.clients.model import Client, HomeCard
from homecare.clients.queries import count_clients, find_client, list_clients, list_homes
from homecare.kernel.calendar import paris_day, paris_instant
from homecare.kernel.errors import InvalidError
from homecare.kernel.ids import ClientId, HomeId, ServiceId
from homecare.visits.adding import LONGEST, SHORTEST, UsualLength, add_visit, usual_lengths
from homecare.visits.queries import Service, list_services

FOUND_AT_MOST = 20


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
        self.refuse("minutes", str(lazy("Saisissez la durée : cette prestation n'en a pas d'habituelle.")))
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


@planning.get("/ajouter")
@requires(Permission.CHANGE_PLANNING)
def choose_client() -> str:
    """Find for whom a visit is added, by name."""
    search = search_in(request.args)
    return render_template(
        "planning/add_for.html",
        day=day_in(request.args, otherwise=paris_day(now())),
        search=search,
        clients=list_clients(conn(), search=search, limit=FOUND_AT_MOST) if search else [],
        more=count_clients(conn(), search=search) - FOUND_AT_MOST if search else 0,
    )


@planning.route("/ajouter/<int:client>", methods=["GET", "POST"])
@requires(Permission.CHANGE_PLANNING)
def add(client: int) -> ResponseReturnValue:
    """Add a visit to be given to somebody, which is asked at once; sent twice it is one visit."""
    found = find_client(conn(), ClientId(client))
    form = AddForm().offer(
        list_homes(conn(), found.id),
        list_services(conn()),
        usual_lengths(conn(), found.id),
        day=day_in(request.args, otherwise=paris_day(now())),
    )
    if form.is_sent_and_valid():
        try:
            return redirect(once(lambda: _add(found, form.command())), 303)
        except InvalidError as error:
            form.refuse("day", str(error))
    return render_template("planning/add.html", form=form, client=found), 422 if form.errors else 200


def _add(client: Client, added: Added) -> str:
    visit = add_visit(
        conn(),
        person().actor,
        client=client.id,
        home=added.home,
        service=added.service,
        starts_at=added.starts_at,
        minutes=added.minutes,
        now=now(),
    )
    flash(_("Intervention ajoutée, en brouillon : %(client)s. Choisissez qui y va.", client=client.name))
    return url_for("planning.day", jour=paris_day(added.starts_at).isoformat(), intervention=visit)
