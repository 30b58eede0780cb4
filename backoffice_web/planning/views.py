"""The planning by day, week or month: the page, and its grid alone after a change."""

from flask import Blueprint, render_template, request

from backoffice_web.access import person, requires
from backoffice_web.arguments import number_in
from backoffice_web.planning.asked import Asked, By, View
from backoffice_web.planning.day import Plan, read_cancelled, read_plan
from backoffice_web.planning.week import days_of_week
from backoffice_web.planning.words import undo_words
from backoffice_web.transaction import clock_speed, conn, now
from homecare.access.model import Permission
from homecare.access.queries import list_areas
from homecare.kernel.calendar import paris_day
from homecare.visits.cancelling import find_last_act

planning = Blueprint("planning", __name__, template_folder="templates", url_prefix="/planning")


def asked_here() -> Asked:
    """Return what the address of this request asks."""
    return Asked.read(request.args, today=paris_day(now()))


def _drawn(asked: Asked) -> dict[str, object]:
    """Return what every piece of a planning is drawn from."""
    plan: Plan = read_plan(conn(), asked, now=now())
    return {
        "asked": asked,
        "plan": plan,
        "cancelled_count": len(read_cancelled(conn(), asked)),
        "View": View,
        "By": By,
        "may_change": person().may(Permission.CHANGE_PLANNING),
        "now": now(),
    }


@planning.get("")
@requires(Permission.SEE_PLANNING)
def day() -> str:
    """Show a day, its week or its month; `intervention=…` opens the dialog that moves this visit."""
    asked = asked_here()
    last_act = find_last_act(conn(), person().actor, now=now())
    return render_template(
        "planning/day.html",
        **_drawn(asked),
        days=days_of_week(asked.day),
        today=paris_day(now()),
        speed=clock_speed(),
        areas=list_areas(conn()),
        opened=number_in(request.args, "intervention"),
        may_undo=last_act is not None,
        undo_words=undo_words(last_act),
    )


@planning.get("/grille")
@requires(Permission.SEE_PLANNING)
def grid() -> str:
    """Return the grid as it is now, to be put in the place of the old one."""
    return render_template("planning/_piece.html", **_drawn(asked_here()))
