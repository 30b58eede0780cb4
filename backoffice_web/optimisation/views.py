"""Optimisations: asked, followed, read, applied or dropped."""

from datetime import timedelta

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from backoffice_web.access import person, requires
from backoffice_web.arguments import area_in, day_in
from backoffice_web.errors import wants_fragment
from backoffice_web.forms import Form
from backoffice_web.i18n import _, _n
from backoffice_web.once import once
from backoffice_web.optimisation.differences import by_worker
from backoffice_web.optimisation.figures import (
    compare,
    curve,
    is_first_plan,
    rule_lines,
    seconds_spent,
    stable_for,
)
from backoffice_web.optimisation.forms import Asked, AskForm
from backoffice_web.planning.words import what_refuses
from backoffice_web.transaction import clock_speed, conn, now
from homecare.access.model import Permission
from homecare.access.queries import list_areas
from homecare.alerts.operations import arm
from homecare.kernel.calendar import day_bounds, paris_day
from homecare.kernel.errors import StaleError
from homecare.kernel.ids import RunId
from homecare.visits import optimisation as runs_of
from homecare.visits.assignment import RefusedMoveError
from homecare.visits.model import Run
from homecare.visits.planning import list_planned

optimisation = Blueprint("optimisation", __name__, template_folder="templates", url_prefix="/optimisation")

UNDERWAY = ("asked", "running")
TOMORROW = timedelta(days=1)


@optimisation.route("", methods=["GET", "POST"])
@requires(Permission.OPTIMISE)
def runs() -> ResponseReturnValue:
    """Ask for a plan, and see those that were asked; the planning asks in a dialog, without leaving."""
    tomorrow = paris_day(now()) + TOMORROW
    form = AskForm().offer(
        list_areas(conn()), day=day_in(request.args, otherwise=tomorrow), area=area_in(request.args)
    )
    if form.is_sent_and_valid():
        return redirect(once(lambda: _ask(form.command())), 303)
    if wants_fragment():
        return render_template("optimisation/_ask.html", form=form)
    page = render_template(
        "optimisation/runs.html", form=form, runs=runs_of.list_runs(conn()), today=paris_day(now())
    )
    return page, 422 if form.errors else 200


def _ask(asked: Asked) -> str:
    run = runs_of.request_optimisation(
        conn(),
        person().actor,
        person().organisation,
        area=asked.area,
        day=asked.day,
        seed=asked.seed,
        seconds=asked.seconds,
        now=now(),
    )
    return url_for("optimisation.run", run=run)


@optimisation.get("/<int:run>")
@requires(Permission.OPTIMISE)
def run(run: int) -> str:
    """Show a run: its curve while it searches, then its proposal."""
    found = runs_of.find_run(conn(), RunId(run))
    changes = runs_of.list_changes(conn(), found.id)
    visits = list_planned(conn(), *day_bounds(found.day))
    return render_template(
        "optimisation/run.html",
        **_progress(found),
        is_first=is_first_plan(found.outcome or {}),
        figures=compare(found.outcome or {}),
        rules=rule_lines(found.outcome or {}),
        changes=changes,
        stale=[change for change in changes if change.stale],
        published=sum(1 for v in visits if v.published_at and v.id in {c.visit_id for c in changes}),
        affected=by_worker(changes, visits),
    )


@optimisation.get("/<int:run>/suivi")
@requires(Permission.OPTIMISE)
def follow(run: int) -> ResponseReturnValue:
    """Return the curve as it is now; once the run is over the whole page is loaded anew."""
    found = runs_of.find_run(conn(), RunId(run))
    if found.status not in UNDERWAY:
        return "", 200, {"HX-Refresh": "true"}
    return render_template("optimisation/_progress.html", **_progress(found), refreshed=True)


def _progress(run: Run) -> dict[str, object]:
    """Return what the curve and the time that is left are drawn from."""
    points = curve(run.progress)
    spent = seconds_spent(points, started_at=run.started_at, now=now(), speed=clock_speed())
    return {
        "run": run,
        "underway": run.status in UNDERWAY,
        "points": points,
        "stable": stable_for(points),
        "left": None if spent is None else max(0, run.seconds - spent),
    }


@optimisation.post("/<int:run>/arreter")
@requires(Permission.OPTIMISE)
def stop(run: int) -> ResponseReturnValue:
    """Ask the run to stop and keep the best plan found so far."""
    found = runs_of.find_run(conn(), RunId(run))
    if Form().is_sent_and_valid():
        runs_of.ask_stop(conn(), person().actor, found.id, now=now())
    return redirect(url_for("optimisation.run", run=run), 303)


@optimisation.post("/<int:run>/appliquer")
@requires(Permission.OPTIMISE)
def apply(run: int) -> ResponseReturnValue:
    """Apply the whole proposal, or nothing of it when a visit has changed since it was computed.

    What was published stays so, and is watched at its new time.
    """
    found = runs_of.find_run(conn(), RunId(run))
    try:
        with conn().transaction():
            changed = runs_of.apply_proposal(conn(), person().actor, found.id, now=now())
    except StaleError:
        flash(_("Rien n'a été appliqué : le planning a changé depuis le calcul."))
        return redirect(url_for("optimisation.run", run=run), 303)
    except RefusedMoveError as refusal:
        flash(_("Rien n'a été appliqué : le planning a changé depuis le calcul."))
        flash(
            _(
                "%(worker)s ne peut plus aller chez %(client)s : %(why)s.",
                worker=refusal.trial.worker.name,
                client=refusal.visit.client,
                why=what_refuses(refusal.trial, refusal.visit),
            )
        )
        return redirect(url_for("optimisation.run", run=run), 303)
    arm(conn(), changed, now=now())
    flash(_n("%(num)s intervention déplacée.", "%(num)s interventions déplacées.", len(changed)))
    return redirect(url_for("planning.day", jour=found.day.isoformat(), secteur=found.area_id), 303)


@optimisation.post("/<int:run>/abandonner")
@requires(Permission.OPTIMISE)
def drop(run: int) -> ResponseReturnValue:
    """Give the proposal up; it stays in the list."""
    found = runs_of.find_run(conn(), RunId(run))
    runs_of.drop_proposal(conn(), person().actor, found.id, now=now())
    flash(_("Proposition abandonnée. Rien n'a changé au planning."))
    return redirect(url_for("optimisation.runs"), 303)
