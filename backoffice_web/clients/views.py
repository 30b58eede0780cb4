"""The list of clients, a client's card, the lines and the label of a home."""

from datetime import timedelta

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from backoffice_web.access import person, requires
from backoffice_web.clients.forms import ClientForm, LineForm, NewClientForm
from backoffice_web.clients.label import draw_code, label_address
from backoffice_web.i18n import _
from backoffice_web.pages import Page
from backoffice_web.transaction import conn, now
from homecare.access.model import Permission
from homecare.access.queries import list_areas
from homecare.clients import operations
from homecare.clients.queries import count_clients, find_client, find_home, list_clients, list_homes
from homecare.kernel.calendar import paris_day
from homecare.kernel.ids import AreaId, ClientId, HomeId
from homecare.visits.queries import list_between, list_recurrences

clients = Blueprint("clients", __name__, template_folder="templates", url_prefix="/beneficiaires")

BEFORE, AFTER = timedelta(days=7), timedelta(days=7)


@clients.get("", endpoint="list")
@requires(Permission.SEE_CLIENTS)
def show_clients() -> str:
    """Show the clients by name, a page at a time."""
    page = Page.read(request.args)
    search, area = request.args.get("q", "").strip(), request.args.get("secteur", type=int)
    chosen = None if area is None else AreaId(area)
    return render_template(
        "clients/list.html",
        clients=list_clients(conn(), search=search, area=chosen, limit=page.size, offset=page.offset),
        page=page.of(count_clients(conn(), search=search, area=chosen)),
        areas=list_areas(conn()),
        search=search,
        area=area,
    )


@clients.route("/nouveau", methods=["GET", "POST"])
@requires(Permission.CHANGE_CLIENTS)
def new() -> ResponseReturnValue:
    """Add a client with a first home."""
    form = NewClientForm()
    form.offer(list_areas(conn()))
    if not form.is_sent_and_valid():
        return render_template("clients/new.html", form=form), 422 if form.errors else 200
    client = operations.create_client(
        conn(),
        person().actor,
        civility=form.text("civility"),
        last_name=form.text("last_name"),
        first_name=form.text("first_name"),
        fragile=bool(form.fragile.data),
        home=form.home(),
        area=form.area,
        instructions=form.text("instructions"),
        now=now(),
    )
    flash(_("Bénéficiaire ajouté. Choisissez maintenant comment on pointe à son domicile."))
    return redirect(url_for("clients.card", client=client), 303)


@clients.get("/<int:client>")
@requires(Permission.SEE_CLIENTS)
def card(client: int) -> str:
    """Show a client's card."""
    return _card(ClientId(client), LineForm())


def _card(client: ClientId, line_form: LineForm) -> str:
    return render_template(
        "clients/card.html",
        client=find_client(conn(), client),
        homes=list_homes(conn(), client),
        recurrences=list_recurrences(conn(), client),
        visits=list_between(conn(), now() - BEFORE, now() + AFTER, client=client),
        today=paris_day(now()),
        now=now(),
        line_form=line_form,
        may_change=person().may(Permission.CHANGE_CLIENTS),
    )


@clients.route("/<int:client>/modifier", methods=["GET", "POST"])
@requires(Permission.CHANGE_CLIENTS)
def edit(client: int) -> ResponseReturnValue:
    """Change what the card says of the person."""
    found = find_client(conn(), ClientId(client))
    form = ClientForm(obj=found)
    form.offer(list_areas(conn()))
    if not form.is_sent_and_valid():
        return render_template("clients/edit.html", form=form, client=found), 422 if form.errors else 200
    operations.update_client(
        conn(),
        person().actor,
        found.id,
        civility=form.text("civility"),
        last_name=form.text("last_name"),
        first_name=form.text("first_name"),
        fragile=bool(form.fragile.data),
        instructions=form.text("instructions"),
        area=form.area,
        now=now(),
    )
    flash(_("Fiche enregistrée."))
    return redirect(url_for("clients.card", client=client), 303)


@clients.post("/domiciles/<int:home>/lignes")
@requires(Permission.CHANGE_CLIENTS)
def add_line(home: int) -> ResponseReturnValue:
    """Register a telephone line at a home: whoever calls from it is at that home."""
    found = find_home(conn(), HomeId(home))
    form = LineForm()
    number = form.e164() if form.is_sent_and_valid() else None
    if number is None:
        return _card(found.client_id, form), 422
    operations.add_line(conn(), found.id, number)
    flash(_("Ligne enregistrée : un appel de ce numéro désigne ce domicile."))
    return redirect(url_for("clients.card", client=found.client_id), 303)


@clients.get("/domiciles/<int:home>/etiquette")
@requires(Permission.SEE_CLIENTS)
def label(home: int) -> str:
    """Show the label to print and stick at the home: square code, home code, number to call."""
    found = find_home(conn(), HomeId(home))
    address = label_address(current_app.config["FRONT_URL"], found.qr_token)
    return render_template(
        "clients/label.html",
        home=found,
        client=find_client(conn(), found.client_id),
        code=draw_code(address),
        address=address,
    )
