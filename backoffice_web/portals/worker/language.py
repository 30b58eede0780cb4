"""The worker chooses their language once: for these pages and for the telephone, which share it."""

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from backoffice_web.access import person, requires
from backoffice_web.portals.worker.views import own_worker, worker_portal
from backoffice_web.transaction import conn, now
from homecare.access.model import Permission
from homecare.kernel.errors import InvalidError
from homecare.workers.model import Language
from homecare.workers.operations import choose_language


@worker_portal.post("/langue")
@requires(Permission.PUNCH)
def change_language() -> ResponseReturnValue:
    """Speak this language from now on, and show the day in it."""
    try:
        language = Language(request.form.get("language", ""))
    except ValueError:
        raise InvalidError("Cette langue n’est pas proposée.") from None
    choose_language(conn(), person().actor, own_worker(), language, now=now())
    return redirect(url_for("worker_portal.today"), 303)
