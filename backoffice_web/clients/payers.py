"""Who pays for a client, on the card: added, ended, taken back when it was a mistake."""

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue

from backoffice_web.access import person, requires
from backoffice_web.agency_settings.payer_forms import ClientPayerForm, LastDayForm
from backoffice_web.clients.card import Forms
from backoffice_web.clients.views import clients, show_card
from backoffice_web.i18n import _
from backoffice_web.layout.formats import full_day
from backoffice_web.transaction import conn, now
from homecare.access.model import Permission
from homecare.clients.queries import find_client
from homecare.kernel.calendar import paris_day
from homecare.kernel.errors import InvalidError
from homecare.kernel.ids import ClientId
from homecare.payers.client_payers import add_client_payer, remove_client_payer, set_last_day
from homecare.payers.queries import list_payers

PAYER = "/<int:client>/payeurs/<int:client_payer>"


def _back(client: int) -> ResponseReturnValue:
    return redirect(url_for("clients.card", client=client, _anchor="payers-title"), 303)


@clients.post("/<int:client>/payeurs")
@requires(Permission.CHANGE_CLIENTS)
def add_payer(client: int) -> ResponseReturnValue:
    """Let a payer pay for this client from a day on; what it asks of punches is asked here from then on."""
    found, today = find_client(conn(), ClientId(client)), paris_day(now())
    form = ClientPayerForm().offer(list_payers(conn(), day=today), today=today)
    if form.is_sent_and_valid():
        payer, since = form.command()
        try:
            add_client_payer(conn(), person().actor, found.id, payer, since=since, now=now())
        except InvalidError as error:
            form.refuse("pays_since", str(error))
        else:
            flash(_("Payeur ajouté à partir du %(day)s.", day=full_day(since)))
            return _back(client)
    return show_card(found.id, Forms(payer=form)), 422


@clients.post(f"{PAYER}/fin")
@requires(Permission.CHANGE_CLIENTS)
def end_payer(client: int, client_payer: int) -> ResponseReturnValue:
    """Say which day is the payer's last here; without one it goes on."""
    found, form = find_client(conn(), ClientId(client)), LastDayForm()
    if form.is_sent_and_valid():
        last = form.command()
        try:
            set_last_day(conn(), person().actor, found.id, client_payer, last, now=now())
        except InvalidError as error:
            form.refuse("last_day", str(error))
        else:
            flash(
                _("Ce payeur paie jusqu'au %(day)s compris.", day=full_day(last))
                if last
                else _("Ce payeur paie sans date de fin.")
            )
            return _back(client)
    return show_card(found.id, Forms(last_day={client_payer: form})), 422


@clients.post(f"{PAYER}/retirer")
@requires(Permission.CHANGE_CLIENTS)
def drop_payer(client: int, client_payer: int) -> ResponseReturnValue:
    """Take back a payer that was noted by mistake: it never paid here."""
    found = find_client(conn(), ClientId(client))
    remove_client_payer(conn(), person().actor, found.id, client_payer, now=now())
    flash(_("Payeur retiré de la fiche, comme s'il n'y avait jamais été."))
    return _back(client)
