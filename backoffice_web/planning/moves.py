"""Moving a visit: who could take it, what it would break, doing it, undoing it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from backoffice_web.access import person, requires
from backoffice_web.arguments import number_in
from backoffice_web.errors import wants_fragment
from backoffice_web.i18n import _
from backoffice_web.planning.forms import Move, MoveForm
from backoffice_web.planning.verdicts import Verdict, verdicts
from backoffice_web.planning.views import planning
from backoffice_web.planning.words import undo_words, what_refuses
from backoffice_web.transaction import conn, now
from homecare.access.model import Permission
from homecare.alerts.operations import arm
from homecare.kernel.calendar import paris_day, paris_instant
from homecare.kernel.errors import InvalidError
from homecare.kernel.ids import VisitId, WorkerId
from homecare.visits.assignment import RefusedMoveError, find_last_move, reassign, undo_last_move
from homecare.visits.model import Visit
from homecare.visits.planning import PlannedVisit, find_planned
from homecare.visits.trials import try_on, try_on_all

QUARTER = timedelta(minutes=15)


@planning.get("/interventions/<int:visit>/deplacer")
@requires(Permission.CHANGE_PLANNING)
def ask_move(visit: int) -> str:
    """Show who could take the visit, best first, at its hour or at another one."""
    found = find_planned(conn(), VisitId(visit))
    starts_at = _start_in_address(found)
    worker = number_in(request.args, "worker")
    chosen = found.worker_id if worker is None else WorkerId(worker) if worker else None
    return _dialog(found, MoveForm().show(found, starts_at, chosen), starts_at)


@planning.post("/interventions/<int:visit>/deplacer")
@requires(Permission.CHANGE_PLANNING)
def move(visit: int) -> ResponseReturnValue:
    """Move the visit, or say what is against it."""
    found = find_planned(conn(), VisitId(visit))
    form = MoveForm()
    if not form.is_sent_and_valid():
        return _dialog(found, form, found.starts_at), 422
    asked = form.command()
    try:
        moved = _reassign(found, asked)
    except RefusedMoveError as refusal:
        return _dialog(found, form, asked.starts_at, refusal=refusal), 422
    if moved.published_at is None:
        return _told(
            moved,
            _("Intervention déplacée (%(client)s), en brouillon : à publier.", client=moved.client),
        )
    return _told(moved, _("Intervention déplacée : %(client)s.", client=moved.client))


@planning.get("/interventions/<int:visit>/essais")
@requires(Permission.CHANGE_PLANNING)
def trials(visit: int) -> ResponseReturnValue:
    """Return, for each worker, the verdict on taking the visit at this start: what rows say under a drag."""
    found = find_planned(conn(), VisitId(visit))
    every = verdicts(try_on_all(conn(), found, starts_at=_start_in_address(found)), found)
    return {str(one.worker.id): {"level": one.level, "word": str(one.word)} for one in every}


@planning.get("/interventions/<int:visit>/essai")
@requires(Permission.CHANGE_PLANNING)
def trial(visit: int) -> str:
    """Return everything about one worker taking the visit at this start."""
    found = find_planned(conn(), VisitId(visit))
    starts_at = _start_in_address(found)
    tried = try_on(conn(), found, WorkerId(number_in(request.args, "worker") or 0), starts_at=starts_at)
    return render_template(
        "planning/_trial.html", visit=found, starts_at=starts_at, verdict=tried and Verdict(tried, found)
    )


@planning.post("/annuler")
@requires(Permission.CHANGE_PLANNING)
def undo() -> ResponseReturnValue:
    """Put the person's last move back as it was, unless something now stands against it."""
    try:
        moved = undo_last_move(conn(), person().actor, now=now())
    except RefusedMoveError as refusal:
        raise InvalidError(_cannot_return(refusal)) from refusal
    arm(conn(), [moved.id], now=now())
    return _told(moved, _("Déplacement annulé : %(client)s.", client=moved.client))


def _cannot_return(refusal: RefusedMoveError) -> str:
    return _(
        "%(client)s ne revient pas à %(worker)s : %(why)s.",
        client=refusal.visit.client,
        worker=refusal.trial.worker.name,
        why=what_refuses(refusal.trial, refusal.visit),
    )


def _reassign(found: PlannedVisit, asked: Move) -> Visit:
    moved = reassign(
        conn(),
        person().actor,
        found.id,
        revision=asked.revision,
        worker=asked.worker,
        starts_at=asked.starts_at,
        accepted=asked.accepted,
        now=now(),
    )
    arm(conn(), [moved.id], now=now())
    return moved


def _start_in_address(visit: PlannedVisit) -> datetime:
    """Return the start asked by `day` and `at` (Paris), the visit's own when they make no sense."""
    form = MoveForm(request.args, meta={"csrf": False})
    if not form.day.data or not form.at.data:
        return visit.starts_at
    return paris_instant(form.day.data, form.at.data)


def _dialog(
    visit: PlannedVisit, form: MoveForm, starts_at: datetime, *, refusal: RefusedMoveError | None = None
) -> str:
    every = verdicts(try_on_all(conn(), visit, starts_at=starts_at), visit)
    return render_template(
        "planning/_move.html" if wants_fragment() else "planning/move.html",
        visit=visit,
        form=form,
        starts_at=starts_at,
        verdicts=every,
        past=_past(visit, starts_at),
        refusal=refusal,
        refused=next((v for v in every if refusal and v.worker.id == refusal.trial.worker.id), None),
    )


@dataclass(frozen=True, slots=True)
class Past:
    """A start that has gone by: since how many minutes, and the next quarter of an hour."""

    minutes: int
    next_start: datetime


def _past(visit: PlannedVisit, starts_at: datetime) -> Past | None:
    """Return by how much the start has gone by of a visit that has not begun; None when it lies ahead."""
    behind = now() - starts_at
    if visit.arrived_at is not None or behind < timedelta(minutes=1):
        return None
    quarters = behind // QUARTER + 1
    return Past(behind // timedelta(minutes=1), starts_at + quarters * QUARTER)


def _told(moved: Visit, message: str) -> ResponseReturnValue:
    if wants_fragment():
        last = find_last_move(conn(), person().actor, now=now())
        return {
            "message": message,
            "visit": moved.id,
            "worker": moved.worker_id,
            "may_undo": last is not None,
            "undo": undo_words(last),
        }
    flash(message)
    return redirect(url_for("planning.day", jour=paris_day(moved.starts_at).isoformat()), 303)
