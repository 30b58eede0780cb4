"""A client's places: whether and how near telephones check them, where else than at home one punches."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from backoffice_web.access import person, requires
from backoffice_web.addresses.book import book
from backoffice_web.arguments import number_in
from backoffice_web.clients.card import Forms
from backoffice_web.clients.place_forms import ClientPlaceForm, JoinSiteForm, SiteForm
from backoffice_web.clients.views import clients, show_card
from backoffice_web.i18n import _
from backoffice_web.once import once
from backoffice_web.transaction import conn, now
from homecare.access.model import Permission
from homecare.clients.place_rules import rule_client_place
from homecare.clients.queries import find_client
from homecare.clients.sites import agree_site, join_site, leave_site, list_shared_sites
from homecare.kernel.ids import ClientId, SiteId


def _back(client: int) -> ResponseReturnValue:
    return redirect(url_for("clients.card", client=client, _anchor="places-title"), 303)


@clients.post("/<int:client>/lieu")
@requires(Permission.CHANGE_CLIENTS)
def rule_place(client: int) -> ResponseReturnValue:
    """Check the places of this client or not, within a radius of their own or the agency's."""
    found, form = find_client(conn(), ClientId(client)), ClientPlaceForm()
    if not form.is_sent_and_valid():
        return show_card(found.id, Forms(place=form)), 422
    checks = bool(form.checks.data)
    rule_client_place(
        conn(), person().actor, found.id, checks=checks, metres=form.radius_metres.data, now=now()
    )
    flash(
        _("Enregistré : les téléphones suivent dès leur prochaine page.")
        if checks
        else _("Le lieu n'est vérifié nulle part chez ce bénéficiaire : on y pointe comme avant.")
    )
    return _back(client)


@clients.route("/<int:client>/lieux/nouveau", methods=["GET", "POST"])
@requires(Permission.CHANGE_CLIENTS)
def new_site(client: int) -> ResponseReturnValue:
    """Agree on another place where this client's visits may be punched."""
    found, form = find_client(conn(), ClientId(client)), SiteForm()
    if not form.is_sent_and_valid():
        page = render_template(
            "clients/site.html", form=form, client=found, shared=bool(list_shared_sites(conn()))
        )
        return page, 422 if form.errors else 200

    def agree() -> str:
        agree_site(conn(), person().actor, found.id, form.site(book()), now=now())
        flash(_("Lieu convenu : les intervenants peuvent le choisir en pointant."))
        return url_for("clients.card", client=client, _anchor="places-title")

    return redirect(once(agree), 303)


@clients.post("/<int:client>/lieux")
@requires(Permission.CHANGE_CLIENTS)
def share_site(client: int) -> ResponseReturnValue:
    """Agree on a day centre that other clients attend already."""
    found, form = find_client(conn(), ClientId(client)), JoinSiteForm().offer(list_shared_sites(conn()))
    if not form.is_sent_and_valid():
        return show_card(found.id, Forms(join=form)), 422
    join_site(conn(), person().actor, found.id, form.chosen(), now=now())
    flash(_("Lieu convenu : les intervenants peuvent le choisir en pointant."))
    return _back(client)


@clients.post("/<int:client>/lieux/retirer")
@requires(Permission.CHANGE_CLIENTS)
def drop_site(client: int) -> ResponseReturnValue:
    """End the agreement; the card offers to agree again."""
    found = find_client(conn(), ClientId(client))
    site = number_in(request.form, "site")
    if site is not None:
        leave_site(conn(), person().actor, found.id, SiteId(site), now=now())
        flash(_("Lieu retiré : il n'est plus proposé en pointant chez ce bénéficiaire."))
    return _back(client)
