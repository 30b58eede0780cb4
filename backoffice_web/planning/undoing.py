"""What a planner did, told with the way back, and going back: the last move or cancellation first."""

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue

from backoffice_web.access import person, requires
from backoffice_web.errors import wants_fragment
from backoffice_web.i18n import _
from backoffice_web.planning.views import planning
from backoffice_web.planning.words import restored_words, undo_words, what_refuses
from backoffice_web.transaction import conn, now
from homecare.access.model import Permission
from homecare.alerts.operations import arm
from homecare.kernel.calendar import paris_day
from homecare.kernel.errors import InvalidError
from homecare.visits.assignment import RefusedMoveError, undo_last_move
from homecare.visits.cancelling import LastCancellation, find_last_act, restore_visit
from homecare.visits.model import Visit


@planning.post("/annuler")
@requires(Permission.CHANGE_PLANNING)
def undo() -> ResponseReturnValue:
    """Put back what the person moved or cancelled last, unless something now stands against it."""
    last = find_last_act(conn(), person().actor, now=now())
    if isinstance(last, LastCancellation):
        restored = restore_visit(conn(), person().actor, last.visit_id, now=now())
        arm(conn(), [restored.visit.id], now=now())
        return told(restored.visit, restored_words(restored))
    try:
        moved = undo_last_move(conn(), person().actor, now=now())
    except RefusedMoveError as refusal:
        raise InvalidError(_cannot_return(refusal)) from refusal
    arm(conn(), [moved.id], now=now())
    return told(moved, _("Déplacement annulé : %(client)s.", client=moved.client))


def _cannot_return(refusal: RefusedMoveError) -> str:
    return _(
        "%(client)s ne revient pas à %(worker)s : %(why)s.",
        client=refusal.visit.client,
        worker=refusal.trial.worker.name,
        why=what_refuses(refusal.trial, refusal.visit),
    )


def told(visit: Visit, message: str, *, way_back: str = "") -> ResponseReturnValue:
    """Tell what was done to the visit: to the page's script, or on the visit's day.

    `way_back` is the word of the button that undoes it, « Annuler » unless another says it better.
    """
    if wants_fragment():
        last = find_last_act(conn(), person().actor, now=now())
        return {
            "message": message,
            "visit": visit.id,
            "may_undo": last is not None,
            "undo": undo_words(last),
            "way_back": way_back or _("Annuler"),
        }
    flash(message)
    return redirect(url_for("planning.day", jour=paris_day(visit.starts_at).isoformat()), 303)
