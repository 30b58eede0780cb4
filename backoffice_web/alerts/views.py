"""The alerts of the last days, and taking one in charge."""

from datetime import timedelta

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from backoffice_web.access import person, requires
from backoffice_web.errors import wants_fragment
from backoffice_web.i18n import _
from backoffice_web.transaction import conn, now
from homecare.access.model import Permission
from homecare.alerts.operations import take_in_charge
from homecare.alerts.queries import list_alerts, list_rules
from homecare.kernel.calendar import paris_day
from homecare.kernel.ids import AlertId

alerts = Blueprint("alerts", __name__, template_folder="templates", url_prefix="/alertes")

SHOWN = timedelta(days=7)


@alerts.get("", endpoint="list")
@requires(Permission.HANDLE_ALERTS)
def show_alerts() -> str:
    """Show the alerts of the last seven days, open ones first, and the thresholds that raise them."""
    found = list_alerts(conn(), since=now() - SHOWN)
    return render_template(
        "alerts/list.html",
        open=[alert for alert in found if alert.closed_at is None],
        closed=[alert for alert in found if alert.closed_at is not None],
        rules=list_rules(conn()),
        now=now(),
        today=paris_day(now()),
    )


@alerts.post("/<int:alert>/prendre")
@requires(Permission.HANDLE_ALERTS)
def take(alert: int) -> ResponseReturnValue:
    """Become the owner of an alert: it stays on the board, and no longer escalates to others."""
    take_in_charge(conn(), person().actor, AlertId(alert), now=now())
    if wants_fragment():
        return "", 204
    flash(_("Vous avez pris cette alerte."))
    return redirect(url_for("alerts.list"), 303)
