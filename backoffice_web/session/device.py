"""The cookie by which a browser is known to those who have signed in on it.

It opens nothing: it only keeps what strangers try elsewhere from making its people wait. Signed, long-lived,
sent to the sign-in page alone; it names nobody (addresses are kept as keyed digests).
"""

import hmac
from datetime import timedelta

from flask import current_app, request
from itsdangerous import BadSignature, URLSafeSerializer
from werkzeug.wrappers import Response

from homecare.kernel.ids import new_token

DEVICE_COOKIE = "ponctuel_device"
KEPT_FOR = timedelta(days=400)  # the longest that browsers keep a cookie
# A shared computer of the agency; the ones who signed in last are remembered.
_MOST_PEOPLE = 20


def known_device(email: str) -> str | None:
    """Return this browser's mark if this address has signed in on it before."""
    device, people = _read()
    return device if _digest(email) in people else None


def remember_device(response: Response, email: str, *, secure: bool) -> None:
    """Note in the browser that this address has signed in on it."""
    device, people = _read()
    newest = [_digest(email), *(one for one in people if one != _digest(email))][:_MOST_PEOPLE]
    response.set_cookie(
        DEVICE_COOKIE,
        _serializer().dumps([device or new_token(), newest]),
        max_age=KEPT_FOR,
        secure=secure,
        httponly=True,
        samesite="Lax",
        path="/connexion",
    )


def _read() -> tuple[str | None, list[str]]:
    try:
        device, people = _serializer().loads(request.cookies.get(DEVICE_COOKIE, ""))
    except BadSignature:
        return None, []
    return device, people


def _serializer() -> URLSafeSerializer:
    return URLSafeSerializer(str(current_app.secret_key), salt="known device")


def _digest(email: str) -> str:
    key = str(current_app.secret_key).encode()
    return hmac.digest(key, email.strip().lower().encode(), "sha256").hex()[:32]
