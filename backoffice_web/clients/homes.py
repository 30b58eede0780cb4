"""A client's homes: address, lines and tags that prove a presence there, the label to print."""

from datetime import timedelta

from flask import current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from backoffice_web.access import person, requires
from backoffice_web.addresses.book import book
from backoffice_web.clients.card import Forms
from backoffice_web.clients.forms import HomeForm, LineForm, TagForm
from backoffice_web.clients.label import draw_code, label_address
from backoffice_web.clients.place_forms import HomeRadiusForm
from backoffice_web.clients.views import clients, show_card
from backoffice_web.i18n import _
from backoffice_web.keys import sealer
from backoffice_web.transaction import conn, now
from homecare.access.model import Permission
from homecare.access.queries import list_areas, list_call_lines
from homecare.clients import operations, tags
from homecare.clients.model import HomeCard
from homecare.clients.place_rules import set_home_radius
from homecare.clients.place_rules import switch_place_check as switch_check
from homecare.clients.queries import find_client, find_home
from homecare.clients.tag_enrolment import GOOD_FOR, begin_enrolment
from homecare.clients.tags import TagKind
from homecare.kernel.errors import InvalidError, NotFoundError
from homecare.kernel.ids import ClientId, HomeId

HOME = "/<int:client>/domiciles/<int:home>"


def home_of(client: int, home: int) -> HomeCard:
    """Return the home, which must be this client's. Raises `NotFoundError`."""
    found = find_home(conn(), HomeId(home))
    if found.client_id != client:
        raise NotFoundError("Ce domicile n’est pas celui de ce bénéficiaire.")
    return found


def _back(client: int) -> ResponseReturnValue:
    return redirect(url_for("clients.card", client=client), 303)


@clients.route(f"{HOME}/modifier", methods=["GET", "POST"])
@requires(Permission.CHANGE_CLIENTS)
def edit_home(client: int, home: int) -> ResponseReturnValue:
    """Change the address; the home keeps its code, its label, its lines and tags."""
    found = home_of(client, home)
    form = HomeForm().show_home(found)
    if not form.is_sent_and_valid():
        page = render_template("clients/home.html", form=form, client=find_client(conn(), found.client_id))
        return page, 422 if form.errors else 200
    card = form.home(book(), label=found.label)
    operations.update_home(conn(), person().actor, found.id, card, now=now())
    flash(_("Adresse enregistrée."))
    return _back(client)


@clients.route("/<int:client>/domiciles/nouveau", methods=["GET", "POST"])
@requires(Permission.CHANGE_CLIENTS)
def new_home(client: int) -> ResponseReturnValue:
    """Open another home for the client."""
    found = find_client(conn(), ClientId(client))
    form = HomeForm()
    if not form.is_sent_and_valid():
        return render_template("clients/home.html", form=form, client=found), 422 if form.errors else 200
    operations.add_home(conn(), found.id, form.home(book(), label=_("Autre domicile")))
    flash(_("Domicile ajouté, avec son code et son étiquette."))
    return _back(client)


@clients.post(f"{HOME}/lignes")
@requires(Permission.CHANGE_CLIENTS)
def add_line(client: int, home: int) -> ResponseReturnValue:
    """Register a telephone line: whoever calls from it is at that home."""
    found, form = home_of(client, home), LineForm()
    if not form.is_sent_and_valid():
        return show_card(found.client_id, Forms(line=form, home=found.id)), 422
    try:
        operations.add_line(conn(), found.id, form.text("number"))
    except operations.LineError as error:
        form.refuse("number", str(error))
        return show_card(found.client_id, Forms(line=form, home=found.id)), 422
    flash(_("Ligne enregistrée : un appel de ce numéro désigne ce domicile."))
    return _back(client)


@clients.post(f"{HOME}/lignes/retirer")
@requires(Permission.CHANGE_CLIENTS)
def remove_line(client: int, home: int) -> ResponseReturnValue:
    """Let a telephone name the home no more; the card offers to add it again."""
    operations.remove_line(conn(), home_of(client, home).id, request.form.get("number", ""))
    flash(_("Ligne retirée. Un appel de ce numéro ne désigne plus ce domicile."))
    return _back(client)


@clients.post(f"{HOME}/etiquettes")
@requires(Permission.CHANGE_CLIENTS)
def add_tag(client: int, home: int) -> ResponseReturnValue:
    """Register an NFC tag stuck at the home."""
    found, form = home_of(client, home), TagForm()
    if form.is_sent_and_valid():
        try:
            tags.enrol_tag(conn(), found.id, form.command(), now=now())
        except InvalidError as error:
            form.refuse("token", str(error))
        else:
            flash(_("Étiquette enregistrée."))
            return _back(client)
    return show_card(found.client_id, Forms(tag=form, home=found.id)), 422


@clients.post(f"{HOME}/etiquettes/retirer")
@requires(Permission.CHANGE_CLIENTS)
def retire_tag(client: int, home: int) -> ResponseReturnValue:
    """Let a tag prove nothing any more: lost, or taken off."""
    tags.retire_tag(conn(), home_of(client, home).id, request.form.get("token", ""), now=now())
    flash(_("Étiquette retirée : elle ne prouve plus rien."))
    return _back(client)


@clients.post(f"{HOME}/poses")
@requires(Permission.CHANGE_CLIENTS)
def begin_tag(client: int, home: int) -> ResponseReturnValue:
    """Show the code with which a station writes one tag for this home. It is shown once."""
    found = home_of(client, home)
    kind = TagKind.SUN if request.form.get("kind") == TagKind.SUN else TagKind.PLAIN
    code = begin_enrolment(conn(), person().actor, found.id, kind, sealer=sealer(), now=now())
    page = render_template(
        "clients/enrolment.html",
        client=find_client(conn(), found.client_id),
        home=found,
        code=code,
        is_sun=kind is TagKind.SUN,
        minutes=GOOD_FOR // timedelta(minutes=1),
    )
    return page, 200, {"Cache-Control": "no-store"}


@clients.post(f"{HOME}/lieu")
@requires(Permission.CHANGE_CLIENTS)
def switch_place_check(client: int, home: int) -> ResponseReturnValue:
    """Let telephones check the place at this home, or not: where they find no satellite, for instance."""
    on = request.form.get("on") == "1"
    switch_check(conn(), person().actor, home_of(client, home).id, on=on, now=now())
    flash(
        _("Le lieu peut de nouveau être vérifié à ce domicile.")
        if on
        else _("Le lieu n'est plus vérifié à ce domicile : on y pointe comme avant.")
    )
    return _back(client)


@clients.post(f"{HOME}/rayon")
@requires(Permission.CHANGE_CLIENTS)
def change_radius(client: int, home: int) -> ResponseReturnValue:
    """Give the home a radius of its own, or leave it to the client's or the agency's."""
    found, form = home_of(client, home), HomeRadiusForm()
    if not form.is_sent_and_valid():
        return show_card(found.client_id, Forms(radius=form, home=found.id)), 422
    set_home_radius(conn(), person().actor, found.id, form.home_metres.data, now=now())
    flash(_("Rayon enregistré : les téléphones suivent dès leur prochaine page."))
    return _back(client)


@clients.get(f"{HOME}/etiquette")
@requires(Permission.SEE_CLIENTS)
def label(client: int, home: int) -> str:
    """Show the label to print and stick at the home: square code, home code, number to call."""
    found = home_of(client, home)
    shown = find_client(conn(), found.client_id)
    address = label_address(current_app.config["FRONT_URL"], found.qr_token)
    lines = list_call_lines(conn())
    return render_template(
        "clients/label.html",
        has_line=bool(found.lines),
        home=found,
        client=shown,
        code=draw_code(address),
        address=address,
        call_line=lines[0].number if lines else None,
        duty=next((area.duty_number for area in list_areas(conn()) if area.id == shown.area_id), None),
    )
