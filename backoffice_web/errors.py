"""Refusals and breakdowns, in the reader's language: a page, or a toast when htmx asked for a fragment."""

import json
from typing import TYPE_CHECKING

import psycopg
import structlog
from flask import Response, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue
from psycopg_pool import PoolTimeout
from werkzeug.exceptions import HTTPException

from backoffice_web import access
from backoffice_web.chosen_language import is_for_workers
from backoffice_web.forms import CSRFError
from backoffice_web.i18n import _, lazy, translate
from homecare.kernel.errors import ForbiddenError, HomecareError, NotFoundError

if TYPE_CHECKING:
    from backoffice_web.app import BackOffice

log = structlog.get_logger()

HTTP_WORDS = {
    404: (lazy("Page introuvable"), lazy("Cette adresse ne mène nulle part : vérifiez le lien.")),
    405: (lazy("Geste refusé"), lazy("Cette adresse ne s'utilise pas ainsi.")),
    413: (lazy("Envoi trop volumineux"), lazy("Ce qui a été envoyé dépasse la taille admise.")),
    500: (lazy("Une erreur est survenue"), lazy("Elle a été notée. Rien n'a été enregistré : réessayez.")),
}
OTHERWISE = (lazy("Demande refusée"), lazy("Cette demande ne peut pas être traitée."))
STALE_FORM = lazy(
    "Ce formulaire vient d'une session fermée. Revenez à la page précédente, rechargez-la et recommencez."
)


def wants_fragment() -> bool:
    """Tell whether htmx asked for a piece of a page."""
    return request.headers.get("HX-Request") == "true"


def refusal(status: int, title: str, message: str) -> Response:
    """Return the page of an error, or nothing but a toast for htmx: what is on the screen stays."""
    if wants_fragment():
        response = make_response("", status)
        response.headers["HX-Reswap"] = "none"
        response.headers["HX-Trigger"] = json.dumps({"toast": {"message": message, "kind": "error"}})
        return response
    return make_response(
        render_template(
            "layout/error.html", status=status, title=title, message=message, alone=is_for_workers()
        ),
        status,
    )


def _sign_in_needed(_error: access.SignInNeededError) -> ResponseReturnValue:
    if wants_fragment():
        return "", 401, {"HX-Refresh": "true"}
    return redirect(access.sign_in_address(), 303)


def _refused(error: HomecareError) -> Response:
    match error:
        case NotFoundError():
            return refusal(404, _("Fiche introuvable"), translate(str(error)))
        case ForbiddenError():
            return refusal(403, _("Accès refusé"), translate(str(error)))
        case _other:
            return refusal(422, _("Ce n'est pas possible"), translate(str(error)))


def _unsigned(_error: Exception) -> Response:
    return refusal(400, _("Formulaire périmé"), str(STALE_FORM))


def _unusable(error: Exception) -> Response:
    """A value that no form of ours gives: too large, out of the calendar, with control characters."""
    log.warning("web.unusable", error=type(error).__name__)
    return refusal(
        422,
        _("Cette valeur ne peut pas être utilisée"),
        _("Une valeur de la demande est hors limites ou illisible."),
    )


def _database_away(error: Exception) -> Response:
    log.warning("web.database_away", error=type(error).__name__)
    response = refusal(
        503,
        _("La base de données ne répond pas"),
        _("Les pointages continuent d'être reçus et gardés. Cette page reviendra d'elle-même."),
    )
    response.headers["Retry-After"] = "5"
    return response


def _http(error: HTTPException) -> Response:
    title, message = HTTP_WORDS.get(error.code or 500, OTHERWISE)
    return refusal(error.code or 500, str(title), str(message))


def install(app: "BackOffice") -> None:
    """Answer every error."""
    app.register_error_handler(access.SignInNeededError, _sign_in_needed)
    app.register_error_handler(HomecareError, _refused)
    app.register_error_handler(CSRFError, _unsigned)
    app.register_error_handler(PoolTimeout, _database_away)
    app.register_error_handler(psycopg.OperationalError, _database_away)
    app.register_error_handler(psycopg.DataError, _unusable)
    app.register_error_handler(psycopg.errors.CheckViolation, _unusable)
    app.register_error_handler(OverflowError, _unusable)
    app.register_error_handler(HTTPException, _http)
