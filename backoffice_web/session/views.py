"""Sign-in, sign-out, and the way to the page that suits the person."""

import math
from datetime import timedelta

from flask import Blueprint, current_app, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from backoffice_web import access
from backoffice_web.access import public, requires
from backoffice_web.chosen_language import remember_language
from backoffice_web.forms import signature
from backoffice_web.i18n import _n, speak, translate
from backoffice_web.languages import TONGUES
from backoffice_web.session.device import known_device, remember_device
from backoffice_web.session.forms import SignInForm
from backoffice_web.transaction import conn, now, real_now
from homecare.access import operations
from homecare.access.model import Permission
from homecare.access.throttle import Attempt, TooManyFailuresError, note_failure
from homecare.kernel.errors import ForbiddenError
from homecare.workers.model import Language

_MINUTE = 60

session = Blueprint("session", __name__, template_folder="templates")


@session.get("/connexion")
@public
def sign_in_page() -> ResponseReturnValue:
    """Show the form, or go on when somebody is signed in already. A language that is chosen here is kept."""
    if (chosen := request.args.get("langue", "")) in set(Language):
        speak(TONGUES[Language(chosen)])
        response = make_response(redirect(url_for("session.sign_in_page", suite=_way_back()), 303))
        remember_language(response)
        return response
    if access.signed_in() is not None:
        return redirect(url_for("session.home"), 303)
    return _form(SignInForm())


@session.post("/connexion")
@public
def sign_in() -> ResponseReturnValue:
    """Open a session. A refusal is counted in this request's own transaction, which commits."""
    form = SignInForm()
    if not form.is_sent_and_valid():
        return _form(form), 422
    email = form.text("email")
    attempt = Attempt(email, request.remote_addr or "", at=real_now(), device=known_device(email))
    try:
        token = operations.sign_in(conn(), attempt, str(form.password.data), now=now())
    except operations.WrongCredentialsError as error:
        note_failure(conn(), attempt)
        form.refuse("password", translate(str(error)))
        return _form(form), 422
    except TooManyFailuresError as error:
        form.refuse("email", too_often(error.wait))
        return _form(form), 429, {"Retry-After": str(math.ceil(error.wait.total_seconds()))}
    response = redirect(_way_back() or url_for("session.home"), 303)
    access.remember(response, token, secure=access.is_secure())
    remember_device(response, email, secure=access.is_secure())
    return response


@session.post("/deconnexion")
@public
def sign_out() -> Response:
    """Close the session, here and in the database."""
    token = request.cookies.get(access.SESSION_COOKIE)
    if access.signed_in() is not None and token is not None:
        operations.sign_out(conn(), token)
    response = redirect(url_for("session.sign_in_page"), 303)
    access.forget(response, secure=access.is_secure())
    return response


@session.get("/")
@requires(*Permission)
def home() -> Response:
    """Go to the first page that the person may open."""
    for endpoint, permission in (
        ("board.day", Permission.SEE_BOARD),
        ("planning.day", Permission.SEE_PLANNING),
        ("worker_portal.today", Permission.PUNCH),
        ("style.guide", Permission.SEE_BOARD),
    ):
        if endpoint in current_app.view_functions and access.person().may(permission):
            return redirect(url_for(endpoint), 303)
    raise ForbiddenError("Votre compte n’ouvre encore aucune page. Demandez un rôle à un administrateur.")


def _form(form: SignInForm) -> str:
    signature()  # the cookie that goes with the form's signature
    return render_template("session/sign_in.html", form=form, tongues=TONGUES.values(), way_back=_way_back())


def too_often(wait: timedelta) -> str:
    """Return how long to wait, in whole seconds under a minute and in whole minutes beyond."""
    seconds = math.ceil(wait.total_seconds())
    if seconds < _MINUTE:
        return _n(
            "Trop d'essais. Attendez %(num)s seconde avant de recommencer.",
            "Trop d'essais. Attendez %(num)s secondes avant de recommencer.",
            seconds,
        )
    minutes = math.ceil(seconds / _MINUTE)
    return _n(
        "Trop d'essais. Attendez %(num)s minute avant de recommencer.",
        "Trop d'essais. Attendez %(num)s minutes avant de recommencer.",
        minutes,
    )


def _way_back() -> str | None:
    """Return the page that was asked for before signing in; None for one that is foreign or endless."""
    address = request.args.get("suite", "")
    return address if access.is_own_path(address) else None
