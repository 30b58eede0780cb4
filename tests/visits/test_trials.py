"""Trying a visit on a worker: what it adds to the day's way, and who is asked first."""

from dataclasses import replace
from datetime import timedelta

from homecare.visits.fitness import VisitFacts
from homecare.visits.planning import PlannedVisit
from homecare.visits.trials import Trial, try_facts
from homecare.workers.qualifications import Qualification
from tests.backoffice_web.planning.test_grid import DAY, HOUR, NINE, sonia, visit

AT_HOME = replace(sonia, lon=1.0, lat=47.0)


def tried(worker: Qualification, *others: PlannedVisit, lat: float) -> Trial:
    one = visit(9, NINE, worker=None, lat=lat)
    facts = VisitFacts(
        client_id=one.client_id,
        day=DAY,
        starts_at=one.starts_at,
        ends_at=one.ends_at,
        earliest_at=one.earliest_at,
        latest_at=one.latest_at,
        skills=[],
        traits=[],
        place=one.place,
    )
    return try_facts(worker, others, one, facts, frozenset())


def test_the_first_visit_of_a_day_adds_the_way_from_home_and_back() -> None:
    assert tried(AT_HOME, lat=47.2).detour == 2 * 41  # minutes from one to the other
    assert tried(AT_HOME, lat=47.0).detour == 0


def test_a_visit_on_the_way_adds_nothing_and_one_beyond_there_and_back() -> None:
    further = visit(1, NINE + 3 * HOUR, lat=47.2)
    assert tried(AT_HOME, further, lat=47.1).detour <= 1
    assert abs(tried(AT_HOME, further, lat=46.8).detour - 2 * 41) <= 1  # whole minutes, three times


def test_a_home_that_no_map_knows_adds_only_what_lies_between_visits() -> None:
    assert tried(sonia, lat=47.2).detour == 0


def test_whoever_does_not_work_at_that_hour_is_off() -> None:
    assert not tried(AT_HOME, lat=47.0).is_off
    assert tried(replace(AT_HOME, available=[]), lat=47.0).is_off
    early = [(since, (NINE - timedelta(hours=1)).time()) for since, _until in sonia.available]
    assert tried(replace(AT_HOME, available=early), lat=47.0).is_off
