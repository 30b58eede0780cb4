"""The language that a worker chose, kept on their device too: a sign-in page does not know who reads it.

Only what a worker reads is translated. The office's pages stay French on a device that both use.
"""

from typing import TYPE_CHECKING

from flask import request

from backoffice_web import access
from backoffice_web.i18n import speak, spoken
from backoffice_web.languages import TONGUES
from homecare.workers.model import Language

if TYPE_CHECKING:
    from flask import Response

    from backoffice_web.app import BackOffice

COOKIE = "ponctuel_language"
KEPT_FOR = 365 * 24 * 3600
"""Seconds."""
_ROOMS = frozenset({None, "session", "worker_portal"})
"""The blueprints whose pages a worker reads; None: an address that leads nowhere."""


def is_for_workers() -> bool:
    """Tell whether this request's answer is read by workers alone."""
    return request.blueprint == "worker_portal"


def remember_language(response: "Response") -> None:
    """Keep the language of this answer on the reader's device."""
    response.set_cookie(
        COOKIE,
        spoken().language.value,
        max_age=KEPT_FOR,
        secure=access.is_secure(),
        httponly=True,
        samesite="Lax",
        path="/",
    )


def _speak_what_was_chosen() -> None:
    chosen = request.cookies.get(COOKIE, "")
    if request.blueprint in _ROOMS and chosen in set(Language):
        speak(TONGUES[Language(chosen)])


def install(app: "BackOffice") -> None:
    """Answer in the language that the device remembers, before a view says another."""
    app.before_request(_speak_what_was_chosen)
