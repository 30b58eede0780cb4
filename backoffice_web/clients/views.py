"""The list of clients, a client's card, adding and changing one."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from backoffice_web.access import person, requires
from backoffice_web.addresses.book import book
from backoffice_web.agency_settings.forms import MinimumForm
from backoffice_web.agency_settings.payer_forms import ClientPayerForm, LastDayForm
from backoffice_web.arguments import area_in, search_in
from backoffice_web.clients.card import Forms, read_card
from backoffice_web.clients.forms import ClientCardForm, NewClientForm
from backoffice_web.clients.place_forms import SITE_WORDS
from backoffice_web.errors import wants_fragment
from backoffice_web.i18n import _
from backoffice_web.once import once
from backoffice_web.pages import Page
from backoffice_web.transaction import conn, now
from homecare.access.model import Permission
from homecare.access.queries import list_areas
from homecare.clients import operations
from homecare.clients.queries import (
    count_clients,
    find_client,
    find_namesakes,
    list_clients,
    list_homes,
    names_another_home,
)
from homecare.kernel.calendar import paris_day
from homecare.kernel.errors import InvalidError, StaleError
from homecare.kernel.ids import ClientId
from homecare.visits.operations import follow_area

clients = Blueprint("clients", __name__, template_folder="templates", url_prefix="/beneficiaires")


@clients.get("", endpoint="list")
@requires(Permission.SEE_CLIENTS)
def show_clients() -> str:
    """Show the clients by name, a page at a time; htmx gets the rows alone, as one types."""
    page, search, area = Page.read(request.args), search_in(request.args), area_in(request.args)
    return render_template(
        "clients/_rows.html" if wants_fragment() else "clients/list.html",
        clients=list_clients(conn(), search=search, area=area, limit=page.size, offset=page.offset),
        page=page.of(count_clients(conn(), search=search, area=area)),
        areas=list_areas(conn()),
        search=search,
        area=area,
    )


@clients.route("/nouveau", methods=["GET", "POST"])
@requires(Permission.CHANGE_CLIENTS)
def new() -> ResponseReturnValue:
    """Add a client with a first home; the address decides in which area they fall."""
    form = NewClientForm().offer(list_areas(conn()))
    if form.is_sent_and_valid():
        try:
            address = once(lambda: _create(form))
        except _UnsureError:
            pass  # the form asks
        except operations.LineError as error:
            form.refuse("line", str(error))
        except InvalidError as error:
            form.refuse("area_id", str(error))
        else:
            return redirect(address, 303)
    page = render_template("clients/new.html", form=form)
    return page, 422 if form.errors or form.namesakes else 200


class _UnsureError(Exception):
    """What was typed may be a mistake: the form asks before anything is made."""


def _create(form: NewClientForm) -> str:
    home, line = form.home(book()), form.text("line")
    operations.check_home_line(conn(), line)
    if not form.is_somebody_else.data:
        form.namesakes = find_namesakes(conn(), form.text("last_name"), form.text("first_name"), home)
    if line and not form.shares_line.data and names_another_home(conn(), line):
        form.ask_about_line("line")
    if form.namesakes or form.is_line_shared:
        raise _UnsureError
    client = operations.create_client(
        conn(),
        person().actor,
        civility=form.text("civility"),
        last_name=form.text("last_name"),
        first_name=form.text("first_name"),
        fragile=bool(form.fragile.data),
        home=home,
        area=form.area,
        instructions=form.text("instructions"),
        now=now(),
    )
    if line:
        operations.add_line(conn(), list_homes(conn(), client)[0].id, line)
    flash(_("Bénéficiaire ajouté. Choisissez maintenant comment on pointe à son domicile."))
    if home.lon is None:
        flash(_("Cette adresse n'est pas sur la carte : ses trajets ne seront pas calculés."))
    return url_for("clients.card", client=client)


@clients.get("/<int:client>")
@requires(Permission.SEE_CLIENTS)
def card(client: int) -> str:
    """Show a client's card."""
    return show_card(ClientId(client), Forms())


def show_card(client: ClientId, forms: Forms) -> str:
    """Return the card, with the forms as they were sent when one was refused."""
    card, today = read_card(conn(), client, now=now()), paris_day(now())
    forms.place.show(card.client)
    forms.join.offer(card.shared_sites)
    return render_template(
        "clients/card.html",
        card=card,
        forms=forms,
        blank=Forms(),
        blank_minimum=MinimumForm(formdata=None).offer(_("comme l'agence"), card.minimums, today=today),
        payer_form=forms.payer or ClientPayerForm(formdata=None).offer(card.known_payers, today=today),
        last_day_forms={one.id: LastDayForm(formdata=None).show(one.until) for one in card.payers}
        | forms.last_day,
        site_words=SITE_WORDS,
        now=now(),
        may_change=person().may(Permission.CHANGE_CLIENTS),
    )


@clients.route("/<int:client>/modifier", methods=["GET", "POST"])
@requires(Permission.CHANGE_CLIENTS)
def edit(client: int) -> ResponseReturnValue:
    """Change what the card says of the person; visits to come follow into another area."""
    found = find_client(conn(), ClientId(client))
    form = (
        ClientCardForm().offer(list_areas(conn())).show_card(ClientCardForm.standing(found), found.revision)
    )
    if form.is_sent_and_valid():
        try:
            _update(found.id, form)
        except StaleError:
            stands = find_client(conn(), found.id)
            form.resume(ClientCardForm.standing(stands), stands.revision)
        except InvalidError as error:
            form.refuse("area_id", str(error))
        else:
            flash(_("Fiche enregistrée."))
            return redirect(url_for("clients.card", client=client), 303)
    page = render_template("clients/edit.html", form=form, client=found)
    return page, 422 if form.errors or form.is_stale else 200


def _update(client: ClientId, form: ClientCardForm) -> None:
    area = form.area or operations.find_area_of_client(conn(), client)
    operations.update_client(
        conn(),
        person().actor,
        client,
        revision=form.revision_read,
        civility=form.text("civility"),
        last_name=form.text("last_name"),
        first_name=form.text("first_name"),
        fragile=bool(form.fragile.data),
        instructions=form.text("instructions"),
        area=area,
        now=now(),
    )
    follow_area(conn(), client, now=now())
