"""The worker's own pages: the day, what a printed code or a tag opens, what makes it an application."""

from flask import Blueprint, current_app, render_template, request, send_from_directory
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from backoffice_web.access import person, requires
from backoffice_web.assets import file_of
from backoffice_web.portals.worker.day import Act, WorkerDay, read_day
from backoffice_web.portals.worker.words import told
from backoffice_web.security import content_security_policy
from backoffice_web.transaction import clock_speed, conn, now, real_now
from homecare.access.model import Permission
from homecare.clients.queries import duty_number, home_of_place
from homecare.kernel.calendar import day_bounds, paris_day
from homecare.kernel.errors import ForbiddenError
from homecare.kernel.ids import WorkerId
from homecare.punches.model import Channel
from homecare.punches.place_setting import find_place_setting
from homecare.punches.worker_day import list_own_punches, list_own_visits

worker_portal = Blueprint("worker_portal", __name__, template_folder="templates", url_prefix="/moi")

PLACES = {"qr": Channel.QR, "etiquette": Channel.NFC}
"""The arguments of an address that name a home, and the channel of the punch that follows."""


@worker_portal.get("")
@requires(Permission.PUNCH)
def today() -> ResponseReturnValue:
    """Show the worker's day, with one button for the next act."""
    return _page("worker/today.html", day=_day(own_worker()))


@worker_portal.get("/pointer")
@requires(Permission.PUNCH)
def arrive_by_code() -> ResponseReturnValue:
    """Show the visit at the home that a printed code or a tag names, and one button. Consumes nothing."""
    day = _day(own_worker())
    argument = next((name for name in PLACES if request.args.get(name)), None)
    if argument is None:
        return _page("worker/today.html", day=day)
    token = request.args[argument]
    home = home_of_place(conn(), ("qr" if argument == "qr" else "tag", token))
    act = None if home is None else _at_home([act for act in day.acts if act.visit.home_id == home], day)
    return _page(
        "worker/code.html",
        day=day,
        channel=PLACES[argument].value,
        token=token,
        known=home is not None,
        act=act,
    )


@worker_portal.get("/service-worker.js")
@requires(Permission.PUNCH)
def service_worker() -> Response:
    """Return the script that shows the day without network; it may hold every page under `/moi`."""
    response = send_from_directory(
        str(current_app.static_folder),
        file_of("js/phone/service-worker.js"),
        mimetype="text/javascript",
        max_age=0,
    )
    response.headers["Service-Worker-Allowed"] = "/moi"
    return response


def own_worker() -> WorkerId:
    """Return the worker whose account this is. Raises `ForbiddenError` for an account of nobody's."""
    worker = person().worker
    if worker is None:
        raise ForbiddenError("Ce compte n’est pas celui d’un intervenant.")
    return worker


def _day(worker: WorkerId) -> WorkerDay:
    day = paris_day(now())
    midnight, end = day_bounds(day)
    return read_day(
        day,
        now(),
        list_own_visits(conn(), worker, since=midnight, until=end),
        list_own_punches(conn(), worker, since=midnight, until=end),
    )


def _at_home(acts: list[Act], day: WorkerDay) -> Act | None:
    """Return the visit at this home that its code asks about: the next one there, else one already over."""
    asking = read_day(day.day, day.now, [act.visit for act in acts], ()).next
    return asking or (acts[-1] if acts else None)


def _page(template: str, *, day: WorkerDay, **more: object) -> ResponseReturnValue:
    homes = [day.next.visit.home_id] if day.next else []
    text = render_template(
        template,
        day=day,
        told=told,
        worker=own_worker(),
        duty_number=duty_number(conn(), homes),
        real_now=real_now(),
        speed=clock_speed(),
        **more,
    )
    return text, 200, _headers()


def _headers() -> dict[str, str]:
    """Return what these pages alone may do: read codes (WebAssembly), ask where the phone is if it is on."""
    where = "(self)" if find_place_setting(conn()).is_on else "()"
    return {
        "Content-Security-Policy": content_security_policy("", web_assembly=True),
        "Permissions-Policy": f"geolocation={where}, camera=(self), microphone=()",
    }
