"""Choosing a password by a link, without being signed in; changing one's own."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from backoffice_web import access
from backoffice_web.access import SESSION_COOKIE, person, public, requires
from backoffice_web.forms import signature
from backoffice_web.i18n import _
from backoffice_web.passwords.forms import ChangeForm, ChoiceForm
from backoffice_web.passwords.links import read_token
from backoffice_web.session.views import too_often
from backoffice_web.transaction import conn, now, real_now
from homecare.access import password_links
from homecare.access.model import Permission
from homecare.access.operations import open_session
from homecare.access.password_links import WrongPasswordError
from homecare.access.passwords import MINIMUM_LENGTH
from homecare.access.throttle import Attempt, TooManyFailuresError, note_failure
from homecare.access.users import find_user

passwords = Blueprint("passwords", __name__, template_folder="templates", url_prefix="/mot-de-passe")


@passwords.route("/lien/<token>", methods=["GET", "POST"])
@public
def choose(token: str) -> ResponseReturnValue:
    """Let the person of a link choose a password, which opens their session. Looking uses nothing up."""
    link = read_token(token)
    account = password_links.read_link(conn(), link, real_now=real_now())
    form = ChoiceForm()
    if not form.is_sent_and_valid():
        signature()  # the cookie that goes with the form's signature
        page = render_template(
            "passwords/choose.html", form=form, account=account, shortest=MINIMUM_LENGTH, until=link.until
        )
        return page, 422 if form.errors else 200
    password_links.choose_password(conn(), link, str(form.password.data), now=now(), real_now=real_now())
    response = redirect(url_for("session.home"), 303)
    access.remember(response, open_session(conn(), link.user, now=now()), secure=access.is_secure())
    return response


@passwords.route("", methods=["GET", "POST"])
@requires(*(frozenset(Permission) - {Permission.PUNCH}))
def change() -> ResponseReturnValue:
    """Change one's own password. A wrong present one is counted, as at sign-in."""
    form = ChangeForm()
    status = 422
    if form.is_sent_and_valid():
        email = find_user(conn(), person().user).email
        attempt = Attempt(email, request.remote_addr or "", at=real_now())
        try:
            password_links.change_password(
                conn(),
                person().actor,
                attempt,
                str(form.password.data),
                present=str(form.present.data),
                session=request.cookies[SESSION_COOKIE],
                now=now(),
            )
        except WrongPasswordError as error:
            note_failure(conn(), attempt)
            form.refuse("present", str(error))
        except TooManyFailuresError as error:
            form.refuse("present", too_often(error.wait))
            status = 429
        else:
            flash(_("Mot de passe changé. Vos sessions ouvertes ailleurs sont fermées."))
            return redirect(url_for("session.home"), 303)
    page = render_template("passwords/change.html", form=form, shortest=MINIMUM_LENGTH)
    return page, status if form.errors else 200
