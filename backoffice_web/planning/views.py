"""The planning of a day: the page, its grid alone after a change, publishing it."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from backoffice_web.access import person, requires
from backoffice_web.arguments import area_in, day_in, number_in
from backoffice_web.forms import Form
from backoffice_web.i18n import _, _n
from backoffice_web.planning.day import Plan, read_plan
from backoffice_web.transaction import clock_speed, conn, now
from homecare.access.model import Permission
from homecare.access.queries import list_areas
from homecare.alerts.operations import arm
from homecare.kernel.calendar import paris_day
from homecare.visits.assignment import find_last_move
from homecare.visits.operations import publish_day

planning = Blueprint("planning", __name__, template_folder="templates", url_prefix="/planning")


WEEK = "semaine"


def _plan() -> Plan:
    """Read what the address asks: a day, an area, the whole week around the day."""
    return read_plan(
        conn(),
        day_in(request.args, otherwise=paris_day(now())),
        area=area_in(request.args),
        whole_week=request.args.get("vue") == WEEK,
        now=now(),
    )


@planning.get("")
@requires(Permission.SEE_PLANNING)
def day() -> str:
    """Show a day, alone or in its week; `intervention=…` opens the dialog that moves this visit."""
    plan = _plan()
    return render_template(
        "planning/day.html",
        grid=plan.grid,
        week=plan.week,
        view=WEEK if plan.week else "jour",
        today=paris_day(now()),
        now=now(),
        speed=clock_speed(),
        areas=list_areas(conn()),
        area=area_in(request.args),
        opened=number_in(request.args, "intervention"),
        last_move=find_last_move(conn(), person().actor, now=now()),
        may_change=person().may(Permission.CHANGE_PLANNING),
    )


@planning.get("/grille")
@requires(Permission.SEE_PLANNING)
def grid() -> str:
    """Return the grid as it is now, to be put in the place of the old one."""
    plan = _plan()
    return render_template(
        "planning/_grid.html",
        grid=plan.grid,
        week=plan.week,
        area=area_in(request.args),
        may_change=person().may(Permission.CHANGE_PLANNING),
    )


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
