"""Days to play: makes their visits, finds one that nobody has played, has its rounds planned and published.

Planning is asked of the running system, as a planner asks for it: a run of the optimiser for each area, done
by the worker program; what it proposes is applied, published and watched.
"""

import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from datetime import date, datetime, timedelta

from homecare.access.queries import list_areas
from homecare.alerts.operations import arm
from homecare.kernel import db
from homecare.kernel.audit import ByUser
from homecare.kernel.ids import AreaId, OrganisationId, RunId
from homecare.visits.cancelling import CancelReason, cancel_visit
from homecare.visits.operations import make_visits, publish_day
from homecare.visits.optimisation import apply_proposal, ask_stop, find_run, request_optimisation
from homecare.visits.queries import list_day

PAST_WEEKS = 3
_WORKING_DAYS = 5
_POLL_SECONDS = 0.5

type Transaction = Callable[[], AbstractContextManager[db.Conn]]
"""Opens a transaction that serves the agency."""


class PlanningError(Exception):
    """The rounds could not be planned; the message is for the person at the terminal."""


def first_day_of_history(day: date) -> date:
    """Return the Monday from which the agency has a past."""
    return day - timedelta(days=day.weekday(), weeks=PAST_WEEKS)


def make_week(conn: db.Conn, day: date) -> int:
    """Make the visits of the week of `day` and of the next one; return how many were missing."""
    monday = day - timedelta(days=day.weekday())
    return make_visits(conn, monday, monday + timedelta(weeks=2))


def find_day_to_play(conn: db.Conn, today: date) -> date:
    """Return the first working day, from today on, on which nobody has arrived anywhere yet."""
    day = today
    while day.isoweekday() > _WORKING_DAYS or any(visit.arrived_at for visit in list_day(conn, day)):
        day += timedelta(days=1)
    return day


def abandon_day(conn: db.Conn, planner: ByUser, day: date, *, now: datetime) -> int:
    """Cancel what is left of a day that is played no further: it raises no alerts. Return how many were."""
    left = [one for one in list_day(conn, day) if one.arrived_at is None and one.cancelled_at is None]
    for visit in left:
        cancel_visit(
            conn,
            planner,
            visit.id,
            revision=visit.revision,
            reason=CancelReason.OTHER,
            words="Journée interrompue",
            now=now,
        )
    arm(conn, [visit.id for visit in left], now=now)
    return len(left)


def is_planned(conn: db.Conn, day: date) -> bool:
    """Tell whether most of the day was published; one area that somebody published is not a day."""
    visits = [visit for visit in list_day(conn, day) if visit.cancelled_at is None]
    return 2 * sum(visit.published_at is not None for visit in visits) > len(visits)


def plan_day(
    transaction: Transaction,
    day: date,
    *,
    organisation: OrganisationId,
    planner: ByUser,
    seconds: int,
    seed: int,
    now: datetime,
    say: Callable[[str], None],
) -> int:
    """Have the day's rounds planned in `seconds` for each area; return how many visits were published.

    Raises `PlanningError` when a run fails, or when no worker program takes it.
    """
    with transaction() as conn:
        areas = list_areas(conn)
        runs = [
            request_optimisation(
                conn, planner, organisation, area=area.id, day=day, seed=seed, seconds=seconds, now=now
            )
            for area in areas
        ]
    published = 0
    try:
        for area, run in zip(areas, runs, strict=True):
            _wait_for(transaction, run, seconds=60 + seconds * len(runs))
            with transaction() as conn:
                apply_proposal(conn, planner, run, now=now)
            count = _publish(transaction, day, [area.id], planner=planner, now=now)
            say(f"{area.name} : {count} interventions planifiées et publiées")
            published += count
    except KeyboardInterrupt:
        _stop_all(transaction, runs, planner=planner, now=now)
        raise
    return published


def _wait_for(transaction: Transaction, run: RunId, *, seconds: float) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        with transaction() as conn:
            found = find_run(conn, run)
        match found.status:
            case "proposed":
                return
            case "failed" | "dropped":
                raise PlanningError(found.failure or "L’optimisation n’a pas abouti.")
            case _:
                time.sleep(_POLL_SECONDS)
    raise PlanningError("L’optimisation ne répond pas : le programme « worker » est-il lancé ?")


def _stop_all(transaction: Transaction, runs: Sequence[RunId], *, planner: ByUser, now: datetime) -> None:
    """Let no worker program search on for somebody who has gone."""
    with transaction() as conn:
        for run in runs:
            ask_stop(conn, planner, run, now=now)


def _publish(
    transaction: Transaction, day: date, areas: Sequence[AreaId], *, planner: ByUser, now: datetime
) -> int:
    count = 0
    for area in areas:
        with transaction() as conn:
            published = publish_day(conn, planner, day, now=now, area=area)
            arm(conn, published, now=now)
            count += len(published)
    return count
