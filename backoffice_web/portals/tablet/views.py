"""The pages of a tablet: taking its link, and the code of the moment."""

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from backoffice_web.access import public
from backoffice_web.clients.label import draw_code
from backoffice_web.transaction import conn, now, real_now
from homecare.clients.tablets import EnrolmentOverError, enrol_tablet, find_serving_tablet, use_tablet
from homecare.punches.site_codes import PERIOD_S, make_code, moment_of

tablet_portal = Blueprint("tablet_portal", __name__, template_folder="templates", url_prefix="/tablette")

COOKIE = "ponctuel_tablette"
COOKIE_LASTS_S = 400 * 24 * 3600
"""As long as browsers keep one; each visit of the page renews it."""


@tablet_portal.get("/activer/<token>")
@public
def ask(token: str) -> str:
    """Ask before the link is taken: whoever only previews it uses nothing up."""
    return render_template("tablet/activate.html", token=token)


@tablet_portal.post("/activer/<token>")
@public
def activate(token: str) -> ResponseReturnValue:
    """Take the link, once, and make this browser the tablet. Raises `EnrolmentOverError`."""
    if use_tablet(conn(), token) is None:
        raise EnrolmentOverError("Ce lien a déjà servi ou a expiré : demandez-en un autre à l’agence.")
    return _remember(redirect(url_for("tablet_portal.show"), 303), enrol_tablet(conn(), token, now=now()))


@tablet_portal.get("")
@public
def show() -> ResponseReturnValue:
    """Show the code of the moment, which the page replaces by itself."""
    page = current_app.make_response(render_template("tablet/show.html", **_shown()))
    token = request.cookies.get(COOKIE)
    return page if token is None else _remember(page, token)


@tablet_portal.get("/code")
@public
def code() -> str:
    """Show the code alone, for the page that stands there."""
    return render_template("tablet/_code.html", **_shown())


def _shown() -> dict[str, object]:
    """Return the code with its place and the seconds that it has left; no code for who is no tablet."""
    token = request.cookies.get(COOKIE, "")
    organisation = use_tablet(conn(), token) if token else None
    tablet = None if organisation is None else find_serving_tablet(conn(), token)
    if organisation is None or tablet is None:
        return {"tablet": None}
    moment = moment_of(real_now())
    text = make_code(current_app.config["CODE_KEY"], organisation, tablet.id, moment)
    address = f"{str(current_app.config['FRONT_URL']).rstrip('/')}/moi/pointer?borne={text}"
    left = (moment + 1) * PERIOD_S - real_now().timestamp()
    return {"tablet": tablet, "code": draw_code(address), "address": address, "left_ms": int(left * 1000)}


def _remember(response: ResponseReturnValue, token: str) -> ResponseReturnValue:
    answer = current_app.make_response(response)
    answer.set_cookie(
        COOKIE,
        token,
        max_age=COOKIE_LASTS_S,
        secure=bool(current_app.config["SESSION_COOKIE_SECURE"]),
        httponly=True,
        samesite="Lax",
        path="/tablette",
    )
    return answer
