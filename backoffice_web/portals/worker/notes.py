"""Takes what a worker's phone says beside its punches: JSON in, one sentence out.

Answers: 201 taken, 200 taken before, 409 same number with another content, 422 refused with a sentence,
425 its punch is not stored yet: the phone keeps it and sends again, as after whatever is no answer of ours.
"""

from http import HTTPStatus

from flask import current_app, jsonify, request
from flask.typing import ResponseReturnValue

from backoffice_web.access import requires
from backoffice_web.forms import unsigned
from backoffice_web.i18n import _, translate
from backoffice_web.portals.worker.note_wire import LONGEST, read_note
from backoffice_web.portals.worker.views import own_worker, worker_portal
from backoffice_web.transaction import conn, now, real_now, shown_at
from homecare.access.model import Permission
from homecare.kernel.errors import ForbiddenError, HomecareError
from homecare.punches.notes import NotYetError, ReusedKeyError, take_note


@worker_portal.post("/saisies")
@unsigned
@requires(Permission.PUNCH)
def take() -> ResponseReturnValue:
    """Take one note. A page kept for want of network has no fresh signature: origin and JSON stand for it."""
    try:
        _check_origin()
        note = read_note(
            request.headers.get("Idempotency-Key"),
            request.stream.read(LONGEST + 1),
            received_at=real_now(),
            shown_at=shown_at,
        )
        with conn().transaction():
            is_new = take_note(conn(), own_worker(), note, now=now())
    except HomecareError as refusal:
        return jsonify(message=translate(str(refusal))), _status(refusal)
    return jsonify(message=_("Reçu par l'agence.")), HTTPStatus.CREATED if is_new else HTTPStatus.OK


def _check_origin() -> None:
    """Raise `ForbiddenError` for what another site's page sends: it carries neither JSON nor our origin."""
    ours = str(current_app.config["FRONT_URL"]).rstrip("/")
    if request.mimetype != "application/json" or request.headers.get("Origin", ours) != ours:
        raise ForbiddenError("Cette saisie ne vient pas de l’application.")


def _status(refusal: HomecareError) -> HTTPStatus:
    match refusal:
        case NotYetError():
            return HTTPStatus.TOO_EARLY
        case ReusedKeyError():
            return HTTPStatus.CONFLICT
        case ForbiddenError():
            return HTTPStatus.FORBIDDEN
        case _other:
            return HTTPStatus.UNPROCESSABLE_ENTITY
