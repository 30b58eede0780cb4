"""Adding one visit beside the weekly plan: for whom, what, when; then the dialog that chooses who goes."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from backoffice_web.access import person, requires
from backoffice_web.arguments import day_in, search_in
from backoffice_web.i18n import _
from backoffice_web.once import once
from backoffice_web.planning.forms import Added, AddForm
from backoffice_web.planning.views import planning
from backoffice_web.transaction import conn, now
from homecare.access.model import Permission
from homecare.clients.model import Client
from homecare.clients.queries import count_clients, find_client, list_clients, list_homes
from homecare.kernel.calendar import paris_day
from homecare.kernel.errors import InvalidError
from homecare.kernel.ids import ClientId
from homecare.visits.adding import add_visit, usual_lengths
from homecare.visits.queries import list_services

FOUND_AT_MOST = 20


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
