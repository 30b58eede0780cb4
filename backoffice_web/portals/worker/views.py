"""The worker's own pages: the day, what a printed code or a tag opens, what makes it an application."""

from flask import Blueprint, current_app, make_response, render_template, request, send_from_directory
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from backoffice_web.access import person, requires
from backoffice_web.assets import file_of
from backoffice_web.chosen_language import remember_language
from backoffice_web.i18n import speak
from backoffice_web.languages import TONGUES
from backoffice_web.portals.worker.day import Act, WorkerDay, read_day
from backoffice_web.portals.worker.script_words import script_words
from backoffice_web.portals.worker.words import receipt_text, spent, told, written_day
from backoffice_web.security import content_security_policy
from backoffice_web.transaction import clock_speed, conn, now, real_now
from homecare.access.model import Permission
from homecare.clients.queries import duty_number, home_of_place
from homecare.clients.sites import list_offered_sites
from homecare.kernel.calendar import day_bounds, paris_day
from homecare.kernel.errors import ForbiddenError
from homecare.kernel.ids import HomeId, WorkerId
from homecare.punches.finding import find_homes
from homecare.punches.model import Site
from homecare.punches.place_setting import find_place_setting
from homecare.punches.receipts import list_own_punches
from homecare.punches.site_codes import site_of_code
from homecare.punches.worker_day import list_own_visits
from homecare.visits.reports import list_reports
from homecare.workers.queries import language_of

worker_portal = Blueprint("worker_portal", __name__, template_folder="templates", url_prefix="/moi")

PLACES = {"qr": "qr", "etiquette": "nfc", "borne": "code"}
"""The arguments of an address that name a place, and the way of the punch that follows."""


@worker_portal.get("")
@requires(Permission.PUNCH)
def today() -> ResponseReturnValue:
    """Show the worker's day, with one button for the next act."""
    return page("worker/today.html", day=day_of(own_worker()))


@worker_portal.get("/pointer")
@requires(Permission.PUNCH)
def arrive_by_code() -> ResponseReturnValue:
    """Show the visit at the home that a printed code or a tag names, and one button. Consumes nothing."""
    day = day_of(own_worker())
    argument = next((name for name in PLACES if request.args.get(name)), None)
    if argument is None:
        return page("worker/today.html", day=day)
    token = request.args[argument]
    homes = _homes_of(argument, token)
    act = _at_home([act for act in day.acts if act.visit.home_id in homes], day)
    return page(
        "worker/code.html",
        day=day,
        channel=PLACES[argument],
        token=token,
        sun=request.args.get("preuve", "") if argument == "etiquette" else "",
        known=bool(homes),
        act=act,
    )


@worker_portal.get("/service-worker.js")
@requires(Permission.PUNCH)
def service_worker() -> Response:
    """Return the script that shows the day without network, at `/moi` and where a tag's address leads."""
    response = send_from_directory(
        str(current_app.static_folder),
        file_of("js/phone/service-worker.js"),
        mimetype="text/javascript",
        max_age=0,
    )
    response.headers["Service-Worker-Allowed"] = "/t/" if "etiquettes" in request.args else "/moi"
    return response


def own_worker() -> WorkerId:
    """Return the worker whose account this is. Raises `ForbiddenError` for an account of nobody's."""
    worker = person().worker
    if worker is None:
        raise ForbiddenError("Ce compte n’est pas celui d’un intervenant.")
    return worker


def day_of(worker: WorkerId) -> WorkerDay:
    """Return the worker's day as it is now."""
    day = paris_day(now())
    midnight, end = day_bounds(day)
    visits = list_own_visits(conn(), worker, since=midnight, until=end)
    place = find_place_setting(conn())
    return read_day(
        day,
        now(),
        visits,
        list_own_punches(conn(), worker, since=midnight, until=end),
        sites=list_offered_sites(
            conn(),
            [visit.client_id for visit in visits],
            usual_radius=place.radius_metres if place.is_on else None,
        ),
        reports=list_reports(conn(), since=midnight, until=end, worker=worker),
    )


def _homes_of(argument: str, token: str) -> tuple[HomeId, ...]:
    """Return the homes that a label, a tag or a tablet's code names. A code is judged when it punches."""
    if argument == "borne":
        site = site_of_code(conn(), token)
        return () if site is None else find_homes(conn(), [Site(site)]).get(Site(site), ())
    home = home_of_place(conn(), ("qr" if argument == "qr" else "tag", token))
    return () if home is None else (home,)


def _at_home(acts: list[Act], day: WorkerDay) -> Act | None:
    """Return the visit at this home that its code asks about: the next one there, else one already over."""
    asking = read_day(day.day, day.now, [act.visit for act in acts], ()).next
    return asking or (acts[-1] if acts else None)


def page(template: str, *, day: WorkerDay, **more: object) -> ResponseReturnValue:
    """Return one of the phone's pages; each has all that its scripts and its full-screen answers need."""
    speak(TONGUES[language_of(conn(), own_worker())])
    homes = [day.next.visit.home_id] if day.next else []
    text = render_template(
        template,
        day=day,
        told=told,
        receipt_text=receipt_text,
        written_day=written_day,
        spent=spent,
        script_words=script_words,
        tongues=TONGUES.values(),
        worker=own_worker(),
        duty_number=duty_number(conn(), homes),
        real_now=real_now(),
        speed=clock_speed(),
        **more,
    )
    response = make_response(text, 200, _headers())
    remember_language(response)
    return response


def _headers() -> dict[str, str]:
    """Return what these pages alone may do: read codes (WebAssembly), ask where the phone is if it is on."""
    where = "(self)" if find_place_setting(conn()).is_on else "()"
    return {
        "Content-Security-Policy": content_security_policy("", web_assembly=True),
        "Permissions-Policy": f"geolocation={where}, camera=(self), microphone=()",
    }
