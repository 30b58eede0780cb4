"""The planning of a day: the page, its grid alone after a change, publishing it."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from backoffice_web.access import person, requires
from backoffice_web.arguments import area_in, day_in, number_in
from backoffice_web.forms import Form
from backoffice_web.i18n import _, _n
from backoffice_web.planning.day import read_grid
from backoffice_web.transaction import clock_speed, conn, now
from homecare.access.model import Permission
from homecare.access.queries import list_areas
from homecare.alerts.operations import arm
from homecare.kernel.calendar import paris_day
from homecare.visits.assignment import find_last_move
from homecare.visits.operations import publish_day

planning = Blueprint("planning", __name__, template_folder="templates", url_prefix="/planning")


@planning.get("")
@requires(Permission.SEE_PLANNING)
def day() -> str:
    """Show a day; `intervention=…` opens the dialog that moves this visit."""
    today = paris_day(now())
    return render_template(
        "planning/day.html",
        grid=read_grid(conn(), day_in(request.args, otherwise=today), area=area_in(request.args), now=now()),
        today=today,
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
    asked = day_in(request.args, otherwise=paris_day(now()))
    return render_template(
        "planning/_grid.html",
        grid=read_grid(conn(), asked, area=area_in(request.args), now=now()),
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
