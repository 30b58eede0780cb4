"""What keeps a worker away from a client: what is met there, and who is not to be sent any more."""

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from backoffice_web.access import requires
from backoffice_web.arguments import number_in
from backoffice_web.clients.card import Forms
from backoffice_web.clients.forms import RefusalForm, TraitForm
from backoffice_web.clients.views import clients, show_card
from backoffice_web.i18n import _
from backoffice_web.transaction import conn, now
from homecare.access.model import Permission
from homecare.clients.operations import add_trait, remove_trait
from homecare.clients.queries import find_client
from homecare.kernel.calendar import paris_day
from homecare.kernel.ids import ClientId, WorkerId
from homecare.workers.operations import note_refusal, withdraw_refusal
from homecare.workers.queries import list_workers


def _back(client: int) -> ResponseReturnValue:
    return redirect(url_for("clients.card", client=client), 303)


@clients.post("/<int:client>/particularites")
@requires(Permission.CHANGE_CLIENTS)
def note_trait(client: int) -> ResponseReturnValue:
    """Note what a worker meets there: whoever must avoid it is no longer planned."""
    found, form = find_client(conn(), ClientId(client)), TraitForm()
    if not form.is_sent_and_valid():
        return show_card(found.id, Forms(trait=form)), 422
    add_trait(conn(), found.id, form.command())
    return _back(client)


@clients.post("/<int:client>/particularites/retirer")
@requires(Permission.CHANGE_CLIENTS)
def forget_trait(client: int) -> ResponseReturnValue:
    """Note that it is no longer there."""
    remove_trait(conn(), find_client(conn(), ClientId(client)).id, request.form.get("name", ""))
    return _back(client)


@clients.post("/<int:client>/refus")
@requires(Permission.CHANGE_CLIENTS)
def refuse_worker(client: int) -> ResponseReturnValue:
    """Note that a worker is not to be sent there any more."""
    found = find_client(conn(), ClientId(client))
    form = RefusalForm().offer(list_workers(conn(), day=paris_day(now())))
    if not form.is_sent_and_valid():
        return show_card(found.id, Forms(refusal=form)), 422
    note_refusal(conn(), found.id, form.chosen(), reason=form.text("reason"))
    flash(_("Noté : cet intervenant n'y sera plus planifié. Ses interventions déjà posées restent."))
    return _back(client)


@clients.post("/<int:client>/refus/retirer")
@requires(Permission.CHANGE_CLIENTS)
def accept_worker(client: int) -> ResponseReturnValue:
    """Let the worker be sent there again."""
    worker = WorkerId(number_in(request.form, "worker") or 0)
    withdraw_refusal(conn(), find_client(conn(), ClientId(client)).id, worker)
    flash(_("Cet intervenant peut y retourner."))
    return _back(client)
