"""The numbers that workers call: whether each answers, and a try at once."""

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue

from backoffice_web.access import person, requires
from backoffice_web.agency_settings.views import agency_settings
from backoffice_web.i18n import _
from backoffice_web.transaction import conn, now
from homecare.access.line_checks import want_check
from homecare.access.model import Permission


@agency_settings.post("/pointage/numeros/<int:call_line>/essai")
@requires(Permission.CHANGE_SETTINGS)
def try_call_line(call_line: int) -> ResponseReturnValue:
    """Have the number rung; its row tells how it ended, within a minute."""
    want_check(conn(), person().actor, call_line, now=now())
    flash(_("Le numéro va être appelé : le résultat s'affiche ici dans la minute."))
    return redirect(url_for("agency_settings.punching"), 303)
