"""What workers say of their punches, seen and answered: made elsewhere and why, or not right."""

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from backoffice_web.access import person, requires
from backoffice_web.i18n import _
from backoffice_web.punches.journal import View
from backoffice_web.punches.views import punches
from backoffice_web.transaction import conn, now
from homecare.access.model import Permission
from homecare.kernel.ids import PunchId
from homecare.punches.disputes import answer_dispute
from homecare.punches.place_exceptions import see_exception, unsee_exception

LONGEST_ANSWER = 1_000


@punches.post("/ailleurs/<int:punch>/vu")
@requires(Permission.HANDLE_ALERTS)
def see_outside(punch: int) -> ResponseReturnValue:
    """Note that somebody looked at a punch made elsewhere; its row offers to take that back."""
    see_exception(conn(), person().actor, PunchId(punch), now=now())
    return redirect(url_for("punches.list", vue=View.OUTSIDE, jour=request.form.get("jour") or None), 303)


@punches.post("/ailleurs/<int:punch>/revoir")
@requires(Permission.HANDLE_ALERTS)
def unsee_outside(punch: int) -> ResponseReturnValue:
    """Put it back among those to look at."""
    unsee_exception(conn(), person().actor, PunchId(punch), now=now())
    return redirect(url_for("punches.list", vue=View.OUTSIDE, jour=request.form.get("jour") or None), 303)


@punches.post("/contestations/<int:dispute>/repondre")
@requires(Permission.HANDLE_ALERTS)
def answer(dispute: int) -> ResponseReturnValue:
    """Answer a worker's dispute: they read it under their punch."""
    text = request.form.get("answer", "")[:LONGEST_ANSWER]
    answer_dispute(conn(), person().actor, dispute, text, now=now())
    flash(_("Réponse envoyée : elle s'affiche sous le pointage, sur le téléphone de l'intervenant."))
    return redirect(url_for("punches.list", vue=View.DISPUTES), 303)
