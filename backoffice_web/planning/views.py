"""The planning by day, week or month: the page, its grid alone after a change, publishing a day."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from backoffice_web.access import person, requires
from backoffice_web.arguments import area_in, day_in, number_in
from backoffice_web.forms import Form
from backoffice_web.i18n import _, _n
from backoffice_web.planning.asked import Asked, By, View
from backoffice_web.planning.day import Plan, read_plan
from backoffice_web.planning.week import days_of_week
from backoffice_web.transaction import clock_speed, conn, now
from homecare.access.model import Permission
from homecare.access.queries import list_areas
from homecare.alerts.operations import arm
from homecare.kernel.calendar import paris_day
from homecare.visits.assignment import find_last_move
from homecare.visits.operations import publish_day

planning = Blueprint("planning", __name__, template_folder="templates", url_prefix="/planning")


def _asked() -> Asked:
    return Asked.read(request.args, today=paris_day(now()))


def _drawn(asked: Asked) -> dict[str, object]:
    """Return what every piece of a planning is drawn from."""
    plan: Plan = read_plan(conn(), asked, now=now())
    return {
        "asked": asked,
        "plan": plan,
        "View": View,
        "By": By,
        "may_change": person().may(Permission.CHANGE_PLANNING),
        "now": now(),
    }


@planning.get("")
@requires(Permission.SEE_PLANNING)
def day() -> str:
    """Show a day, its week or its month; `intervention=…` opens the dialog that moves this visit."""
    asked = _asked()
    return render_template(
        "planning/day.html",
        **_drawn(asked),
        days=days_of_week(asked.day),
        today=paris_day(now()),
        speed=clock_speed(),
        areas=list_areas(conn()),
        opened=number_in(request.args, "intervention"),
        last_move=find_last_move(conn(), person().actor, now=now()),
    )


@planning.get("/grille")
@requires(Permission.SEE_PLANNING)
def grid() -> str:
    """Return the grid as it is now, to be put in the place of the old one."""
    return render_template("planning/_piece.html", **_drawn(_asked()))


@planning.post("/publier")
@requires(Permission.CHANGE_PLANNING)
def publish() -> ResponseReturnValue:
    """Let the workers see the day, and watch its lateness from now on."""
    asked, area = day_in(request.form, otherwise=paris_day(now())), area_in(request.form)
    if Form().is_sent_and_valid():
        published = publish_day(conn(), person().actor, asked, area=area, now=now())
        arm(conn(), published, now=now())
        count = len(published)
        flash(
            _n("%(num)s intervention publiée.", "%(num)s interventions publiées.", count)
            if count
            else _("Tout était déjà publié.")
        )
    return redirect(url_for("planning.day", jour=asked.isoformat(), secteur=area), 303)
