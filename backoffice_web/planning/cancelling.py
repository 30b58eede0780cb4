"""Cancelling a visit with its reason; the cancelled ones of a planning, and planning one of them again."""

from flask import render_template
from flask.typing import ResponseReturnValue

from backoffice_web.access import person, requires
from backoffice_web.errors import wants_fragment
from backoffice_web.i18n import _
from backoffice_web.planning.day import read_cancelled
from backoffice_web.planning.forms import CancelForm
from backoffice_web.planning.undoing import told
from backoffice_web.planning.views import asked_here, planning
from backoffice_web.planning.words import CANCEL_REASONS, restored_words
from backoffice_web.transaction import conn, now
from homecare.access.model import Permission
from homecare.alerts.operations import arm
from homecare.kernel.errors import InvalidError
from homecare.kernel.ids import VisitId
from homecare.visits.cancelling import BEGUN, cancel_visit, restore_visit
from homecare.visits.planning import PlannedVisit, find_planned


@planning.get("/interventions/<int:visit>/annuler")
@requires(Permission.CHANGE_PLANNING)
def ask_cancel(visit: int) -> str:
    """Ask why the visit is cancelled, and say who will see it."""
    found = find_planned(conn(), VisitId(visit))
    if not found.may_move:
        raise InvalidError(BEGUN)
    return _dialog(found, CancelForm().show(found))


@planning.post("/interventions/<int:visit>/annuler")
@requires(Permission.CHANGE_PLANNING)
def cancel(visit: int) -> ResponseReturnValue:
    """Cancel the visit, unless it has begun or changed since it was looked at; its lateness is over."""
    form = CancelForm()
    if not form.is_sent_and_valid():
        return _dialog(find_planned(conn(), VisitId(visit)), form), 422
    asked = form.command()
    cancelled = cancel_visit(
        conn(),
        person().actor,
        VisitId(visit),
        revision=asked.revision,
        reason=asked.reason,
        words=asked.words,
        now=now(),
    )
    arm(conn(), [cancelled.id], now=now())
    return told(
        cancelled,
        _("Intervention annulée : %(client)s.", client=cancelled.client),
        way_back=_("Rétablir"),
    )


@planning.get("/annulees")
@requires(Permission.SEE_PLANNING)
def cancelled() -> str:
    """List what was cancelled of a planning: why, by whom, when."""
    asked = asked_here()
    return render_template(
        "planning/_cancelled.html" if wants_fragment() else "planning/cancelled.html",
        asked=asked,
        visits=read_cancelled(conn(), asked),
        reasons=CANCEL_REASONS,
        may_change=person().may(Permission.CHANGE_PLANNING),
    )


@planning.post("/interventions/<int:visit>/retablir")
@requires(Permission.CHANGE_PLANNING)
def restore(visit: int) -> ResponseReturnValue:
    """Plan a cancelled visit again, with its worker if they can still take it."""
    restored = restore_visit(conn(), person().actor, VisitId(visit), now=now())
    arm(conn(), [restored.visit.id], now=now())
    return told(restored.visit, restored_words(restored))


def _dialog(visit: PlannedVisit, form: CancelForm) -> str:
    return render_template(
        "planning/_cancel.html" if wants_fragment() else "planning/cancel.html", visit=visit, form=form
    )
