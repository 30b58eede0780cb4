"""The station's two questions, in JSON. It has no session: the code of one tag is all that it knows."""

from flask import Blueprint, current_app, request
from flask.typing import ResponseReturnValue

from backoffice_web.access import public
from backoffice_web.i18n import _
from backoffice_web.keys import sealer
from backoffice_web.transaction import conn, now
from homecare.clients.tag_enrolment import finish_enrolment, read_order, serve_enrolment
from homecare.clients.tags import TagKind
from homecare.kernel.errors import HomecareError, InvalidError
from homecare.kernel.messages import read_object

station = Blueprint("station", __name__, url_prefix="/pose")

LONGEST_UID_BYTES = 10
LONGEST = 1_000


@station.post("/commande")
@public
def order() -> ResponseReturnValue:
    """Say what is to be written for this code. It uses nothing up."""
    code = _text("code")
    serve_enrolment(conn(), code)
    found = read_order(conn(), code, sealer=sealer(), now=now())
    keys = found.keys and {name: getattr(found.keys, name).hex() for name in ("master", "meta", "file")}
    url = f"{current_app.config['FRONT_URL'].rstrip('/')}/t/{found.token}"
    return {"url": url, "keys": keys}, 200, {"Cache-Control": "no-store"}


@station.post("/fin")
@public
def finish() -> ResponseReturnValue:
    """Register the tag that was written. The code is used up."""
    code = _text("code")
    serve_enrolment(conn(), code)
    kind = finish_enrolment(
        conn(), code, uid=_uid(_text("uid")), message=_text("sun"), sealer=sealer(), now=now()
    )
    message = (
        _("Étiquette posée : elle se prouve à chaque passage.")
        if kind is TagKind.SUN
        else _("Étiquette simple posée.")
    )
    return {"message": message}, 201


@station.errorhandler(HomecareError)
def refused(error: HomecareError) -> ResponseReturnValue:
    """Answer a refusal in JSON, as a station reads it."""
    return {"message": str(error)}, 422


def _text(name: str) -> str:
    try:
        value = read_object(request.get_data(), longest=LONGEST).get(name)
    except ValueError:
        value = None
    if not isinstance(value, str):
        raise InvalidError(_("Cette demande de pose est illisible."))
    return value


def _uid(text: str) -> bytes:
    try:
        uid = bytes.fromhex(text)
    except ValueError:
        uid = b""
    if not 0 < len(uid) <= LONGEST_UID_BYTES:
        raise InvalidError(_("Cette demande de pose est illisible."))
    return uid
