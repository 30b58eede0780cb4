"""The live board: the page, the pieces that a change refetches, the wall."""

from http import HTTPStatus

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from backoffice_web.access import person, requires
from backoffice_web.board.day import Day, Filters, read_block, read_day
from backoffice_web.board.first_day import steps
from backoffice_web.board.ground import ground
from backoffice_web.board.places import mark
from backoffice_web.transaction import clock_speed, conn, now
from homecare.access.model import Permission
from homecare.access.queries import list_areas
from homecare.alerts.first_day import read_first_day
from homecare.kernel.calendar import day_bounds
from homecare.kernel.ids import VisitId
from homecare.punches.queries import PunchRow, list_punches

board = Blueprint("board", __name__, template_folder="templates", url_prefix="/tableau")

LATEST = 5


def _today() -> Day:
    return read_day(conn(), Filters.read(request.args), me=person().user, now=now())


def _latest_punches(today: Day) -> list[PunchRow]:
    midnight, _end = day_bounds(today.day)
    return list_punches(conn(), since=midnight, until=today.now, limit=LATEST)


@board.get("")
@requires(Permission.SEE_BOARD)
def day() -> str:
    """Show the board, or the first steps of an organisation where nobody has punched yet."""
    first_day = read_first_day(conn())
    if first_day.punches == 0:
        return render_template("board/first_day.html", first_day=first_day, steps=steps(first_day), now=now())
    today = _today()
    return render_template(
        "board/day.html",
        board=today,
        areas=list_areas(conn()),
        speed=clock_speed(),
        latest=_latest_punches(today),
        ground=ground(),
    )


@board.get("/liste")
@requires(Permission.SEE_BOARD)
def refreshed_list() -> str:
    """Return the figures and the list as they are now."""
    return render_template("board/_refresh.html", board=_today())


@board.get("/chronologie")
@requires(Permission.SEE_BOARD)
def refreshed_timeline() -> str:
    """Return the timeline as it is now."""
    return render_template("board/_timeline.html", board=_today())


@board.get("/carte")
@requires(Permission.SEE_BOARD)
def refreshed_marks() -> str:
    """Return the marks of the map as they are now."""
    lanes = _today().timeline.lanes
    marks = mark(placed.row for lane in lanes for placed in lane.blocks)
    return render_template("board/_marks.html", marks=marks)


@board.get("/interventions/<int:visit>")
@requires(Permission.SEE_BOARD)
def refreshed_visit(visit: int) -> ResponseReturnValue:
    """Return one visit's block of the timeline; nothing for a visit of another day or out of reach."""
    placed = read_block(conn(), Filters.read(request.args), VisitId(visit), me=person().user, now=now())
    if placed is None:
        return "", HTTPStatus.NO_CONTENT
    return render_template("board/_visit.html", placed=placed)


@board.get("/mur")
@requires(Permission.SEE_BOARD)
def wall() -> str:
    """Show the board to a whole room: dark, without pointer or scroll."""
    today = _today()
    area = next((area.name for area in list_areas(conn()) if area.id == today.filters.area), "")
    return render_template(
        "board/wall.html", board=today, latest=_latest_punches(today), area=area, speed=clock_speed()
    )


@board.get("/mur/contenu")
@requires(Permission.SEE_BOARD)
def refreshed_wall() -> str:
    """Return the wall's content as it is now."""
    today = _today()
    return render_template("board/_wall.html", board=today, latest=_latest_punches(today))
