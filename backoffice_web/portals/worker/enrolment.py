"""Enrolling a telephone: by itself at the first sign-in on it, or with an invitation shown once.

The telephone makes its key; only the public half comes here. Opening an invitation consumes nothing, so that
a preview in a message cannot use it up; its button does.
"""

from flask import jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from backoffice_web import access
from backoffice_web.access import person, public, requires
from backoffice_web.forms import Form as SignedForm
from backoffice_web.forms import HiddenField
from backoffice_web.i18n import speak, translate
from backoffice_web.languages import TONGUES
from backoffice_web.portals.worker.views import own_worker, worker_portal
from backoffice_web.transaction import conn, now
from homecare.access.model import Permission
from homecare.access.operations import prolong_session
from homecare.kernel.errors import InvalidError
from homecare.kernel.messages import read_object
from homecare.punches.signing import read_bytes
from homecare.workers.phones import (
    INVITED_SESSION,
    NewPhone,
    RevokedPhoneError,
    accept_invitation,
    enrol_phone,
    is_invited,
    read_invitation,
)
from homecare.workers.queries import language_of

GONE = 410
LONGEST = 2_000
"""Bytes of what a telephone says of its key."""
_KINDS: tuple[tuple[str, str], ...] = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Téléphone Android"),
    ("Windows", "Ordinateur Windows"),
    ("Macintosh", "Mac"),
    ("Linux", "Ordinateur Linux"),
)
"""What a browser says of itself, and how the agency, in French, calls the telephone. The first that fits."""


class InvitationForm(SignedForm):
    """What the page's script fills in: the key that it made, and the proof that it has it."""

    public_key = HiddenField()
    proof = HiddenField()


@worker_portal.post("/telephone")
@requires(Permission.PUNCH)
def enrol() -> ResponseReturnValue:
    """Enrol the telephone from which a worker is signed in; 410: it was withdrawn.

    Asked at each opening. One that was invited stays signed in as long as it is used: its worker may have no
    password.
    """
    try:
        sent = read_object(request.stream.read(LONGEST + 1), longest=LONGEST)
    except ValueError:
        raise InvalidError("La clé de ce téléphone n’est pas utilisable.") from None
    phone = _phone(sent.get("public_key"), sent.get("proof"))
    try:
        enrolled = enrol_phone(conn(), person().actor, own_worker(), phone, now=now())
    except RevokedPhoneError as error:
        return {"message": translate(str(error))}, GONE
    response = jsonify(phone=enrolled)
    response.status_code = 201
    if is_invited(conn(), enrolled):
        _stay_signed_in(response, request.cookies[access.SESSION_COOKIE])
    return response


@worker_portal.get("/inscription/<token>")
@public
def invitation(token: str) -> ResponseReturnValue:
    """Show for whom the invitation is, and one button. Consumes nothing."""
    invited = read_invitation(conn(), token, now=now())
    speak(TONGUES[language_of(conn(), invited.worker_id)])
    return render_template("worker/enrolment.html", invited=invited, form=InvitationForm())


@worker_portal.post("/inscription/<token>")
@public
def accept(token: str) -> ResponseReturnValue:
    """Enrol the telephone, sign its worker in, and open the day."""
    form = InvitationForm()
    if not form.is_sent_and_valid():
        raise InvalidError("Ce téléphone n’a pas pu s’inscrire : rouvrez le lien et recommencez.")
    phone = _phone(form.text("public_key"), form.text("proof"))
    session = accept_invitation(conn(), token, phone, now=now())
    response = redirect(url_for("worker_portal.today"), 303)
    _stay_signed_in(response, session)
    return response


def _stay_signed_in(response: Response, token: str) -> None:
    prolong_session(conn(), token, until=now() + INVITED_SESSION)
    access.remember(response, token, secure=access.is_secure(), lasts=INVITED_SESSION)


def _phone(public_key: object, proof: object) -> NewPhone:
    browser = request.headers.get("User-Agent", "")
    label = next((word for sign, word in _KINDS if sign in browser), "Téléphone")
    return NewPhone(read_bytes(public_key), read_bytes(proof), label)
