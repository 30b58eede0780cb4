"""Enrolling a telephone: by itself at the first sign-in on it, or with an invitation shown once.

The telephone makes its key; only the public half comes here. Opening an invitation consumes nothing, so that
a preview in a message cannot use it up; its button does.
"""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from backoffice_web import access
from backoffice_web.access import person, public, requires
from backoffice_web.forms import Form as SignedForm
from backoffice_web.forms import HiddenField
from backoffice_web.i18n import speak, translate
from backoffice_web.languages import TONGUES
from backoffice_web.portals.worker.views import own_worker, worker_portal
from backoffice_web.transaction import conn, now
from homecare.access.model import Permission
from homecare.kernel.errors import InvalidError
from homecare.punches.signing import read_bytes
from homecare.workers.phones import (
    NewPhone,
    RevokedPhoneError,
    accept_invitation,
    enrol_phone,
    read_invitation,
)
from homecare.workers.queries import language_of

GONE = 410
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
    """Enrol the telephone from which a worker is signed in. Again changes nothing; 410: it was withdrawn."""
    sent = request.get_json(silent=True)
    if not isinstance(sent, dict):
        raise InvalidError("La clé de ce téléphone n’est pas utilisable.")
    phone = _phone(sent.get("public_key"), sent.get("proof"))
    try:
        return {"phone": enrol_phone(conn(), person().actor, own_worker(), phone, now=now())}, 201
    except RevokedPhoneError as error:
        return {"message": translate(str(error))}, GONE


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
    access.remember(response, session, secure=access.is_secure())
    return response


def _phone(public_key: object, proof: object) -> NewPhone:
    browser = request.headers.get("User-Agent", "")
    label = next((word for sign, word in _KINDS if sign in browser), "Téléphone")
    return NewPhone(read_bytes(public_key), read_bytes(proof), label)
