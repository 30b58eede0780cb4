"""How much proof is asked of punches at one client's: theirs, or what the agency asks."""

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue

from backoffice_web.access import person, requires
from backoffice_web.agency_settings.forms import MinimumForm
from backoffice_web.clients.card import Forms
from backoffice_web.clients.views import clients, show_card
from backoffice_web.i18n import _
from backoffice_web.layout.formats import full_day
from backoffice_web.transaction import conn, now
from homecare.access.model import Permission
from homecare.clients.queries import find_client
from homecare.kernel.calendar import paris_day
from homecare.kernel.ids import ClientId
from homecare.punches.proof_minimum import list_minimums, set_minimum


@clients.post("/<int:client>/preuve")
@requires(Permission.CHANGE_CLIENTS)
def set_client_minimum(client: int) -> ResponseReturnValue:
    """Ask for a grade of proof at this client's, from a day on; without one, what the agency asks."""
    found = find_client(conn(), ClientId(client))
    form = MinimumForm().offer(_("comme l'agence"), list_minimums(conn(), found.id), today=paris_day(now()))
    if not form.is_sent_and_valid():
        return show_card(found.id, Forms(minimum=form)), 422
    minimum, since = form.command()
    set_minimum(conn(), person().actor, found.id, minimum, since=since, now=now())
    flash(
        _("Preuve %(grade)s demandée ici à partir du %(day)s.", grade=minimum.value, day=full_day(since))
        if minimum
        else _("Même preuve que l'agence à partir du %(day)s.", day=full_day(since))
    )
    return redirect(url_for("clients.card", client=client), 303)
