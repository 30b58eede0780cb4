"""The alerts of the last days, taking one in charge, and the thresholds that raise them."""

from collections.abc import Sequence
from datetime import timedelta

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from backoffice_web.access import person, requires
from backoffice_web.alerts.forms import RuleForm
from backoffice_web.arguments import area_in, number_in
from backoffice_web.errors import wants_fragment
from backoffice_web.forms import Form
from backoffice_web.i18n import _, translate
from backoffice_web.transaction import conn, now
from homecare.access.model import Permission
from homecare.access.queries import list_areas
from homecare.alerts.model import AlertRow
from homecare.alerts.operations import TakenError, give_back, remove_rule, set_rule, take_in_charge
from homecare.alerts.queries import list_alerts, list_rules
from homecare.clients.queries import list_clients
from homecare.kernel.calendar import paris_day
from homecare.kernel.ids import AlertId, UserId
from homecare.visits.queries import list_services

alerts = Blueprint("alerts", __name__, template_folder="templates", url_prefix="/alertes")

SHOWN = timedelta(days=7)
EVERY_CLIENT = 5_000


@alerts.get("", endpoint="list")
@requires(Permission.HANDLE_ALERTS)
def show_alerts() -> str:
    """Show the alerts of the last seven days, open ones first; htmx gets the lists alone."""
    return _show("alerts.list", list_alerts(conn(), since=now() - SHOWN))


@alerts.get("/escaladees")
@requires(Permission.SEE_ESCALATIONS)
def escalated() -> str:
    """Show the alerts that nobody took in time to whoever answers for the others."""
    return _show("alerts.escalated", list_alerts(conn(), since=now() - SHOWN, escalated_only=True))


def _show(endpoint: str, found: Sequence[AlertRow]) -> str:
    area = area_in(request.args)
    kept = [alert for alert in found if area is None or alert.area_id == area]
    return render_template(
        "alerts/_lists.html" if wants_fragment() else "alerts/list.html",
        open=[alert for alert in kept if alert.closed_at is None],
        closed=[alert for alert in kept if alert.closed_at is not None],
        areas=list_areas(conn()),
        area=area,
        endpoint=endpoint,
        now=now(),
        today=paris_day(now()),
    )


@alerts.post("/<int:alert>/prendre")
@requires(Permission.HANDLE_ALERTS)
def take(alert: int) -> ResponseReturnValue:
    """Become the owner of an alert that nobody has, or on purpose instead of whom the page named."""
    other = number_in(request.form, "instead_of")
    try:
        take_in_charge(
            conn(),
            person().actor,
            AlertId(alert),
            instead_of=None if other is None else UserId(other),
            now=now(),
        )
    except TakenError as error:
        if wants_fragment():
            raise
        flash(translate(str(error)))
        return redirect(url_for("alerts.list"), 303)
    if wants_fragment():
        return "", 204
    flash(_("Vous avez pris cette alerte."))
    return redirect(url_for("alerts.list"), 303)


@alerts.post("/<int:alert>/rendre")
@requires(Permission.HANDLE_ALERTS)
def release(alert: int) -> ResponseReturnValue:
    """Give an alert back: it is nobody's again, and escalates as such."""
    give_back(conn(), person().actor, AlertId(alert), now=now())
    flash(_("Alerte rendue : personne ne s'en occupe pour l'instant."))
    return redirect(url_for("alerts.list"), 303)


@alerts.route("/seuils", methods=["GET", "POST"])
@requires(Permission.CHANGE_SETTINGS)
def rules() -> ResponseReturnValue:
    """Show the thresholds of lateness, widest scope first, and set one; visits to come follow at once."""
    form = RuleForm().offer(
        list_areas(conn()), list_services(conn()), list_clients(conn(), limit=EVERY_CLIENT)
    )
    if form.is_sent_and_valid():
        rule = form.command()
        set_rule(
            conn(),
            person().actor,
            area=rule.area,
            service=rule.service,
            client=rule.client,
            enabled=rule.enabled,
            first_minutes=rule.first_minutes,
            second_minutes=rule.second_minutes,
            escalation_minutes=rule.escalation_minutes,
            now=now(),
        )
        flash(_("Seuils enregistrés. Les interventions à venir les suivent dès maintenant."))
        return redirect(url_for("alerts.rules"), 303)
    page = render_template("alerts/rules.html", form=form, rules=list_rules(conn()))
    return page, 422 if form.errors else 200


@alerts.post("/seuils/<int:rule>/retirer")
@requires(Permission.CHANGE_SETTINGS)
def drop_rule(rule: int) -> ResponseReturnValue:
    """Take a rule away: wider ones apply again."""
    if Form().is_sent_and_valid():
        remove_rule(conn(), person().actor, rule, now=now())
        flash(_("Seuils retirés : une règle plus large s'applique de nouveau."))
    return redirect(url_for("alerts.rules"), 303)
