"""A worker's telephones: the invitation to enrol one, shown once, and the withdrawal of one that is lost."""

from flask import current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from backoffice_web.access import person, requires
from backoffice_web.clients.label import draw_code
from backoffice_web.forms import Form
from backoffice_web.i18n import _
from backoffice_web.transaction import conn, now
from backoffice_web.workers.views import workers
from homecare.access.model import Permission
from homecare.kernel.ids import WorkerId
from homecare.workers import phones
from homecare.workers.queries import find_worker


@workers.post("/<int:worker>/telephones/invitation")
@requires(Permission.CHANGE_WORKERS)
def invite(worker: int) -> ResponseReturnValue:
    """Show a new invitation, as a link and as a square code: the only time it can be."""
    found = find_worker(conn(), WorkerId(worker))
    if not Form().is_sent_and_valid():
        return redirect(url_for("workers.card", worker=worker), 303)
    token = phones.invite(conn(), person().actor, found.id, now=now())
    link = current_app.config["FRONT_URL"].rstrip("/") + url_for("worker_portal.invitation", token=token)
    return render_template(
        "workers/invitation.html",
        worker=found,
        link=link,
        code=draw_code(link),
        until=now() + phones.INVITATION_LENGTH,
    )


@workers.post("/<int:worker>/telephones/retirer")
@requires(Permission.CHANGE_WORKERS)
def revoke_phone(worker: int) -> ResponseReturnValue:
    """Withdraw a telephone. What it signed before stays; what it sends from now on is refused."""
    found = find_worker(conn(), WorkerId(worker))
    if Form().is_sent_and_valid():
        phones.revoke_phone(conn(), person().actor, found.id, request.form.get("phone", ""), now=now())
        flash(_("Téléphone retiré. Ses sessions sont fermées."))
    return redirect(url_for("workers.card", worker=worker), 303)
