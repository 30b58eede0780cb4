"""Which visits are proposed for a punch that waits, in which order, and which cannot have it."""

from dataclasses import replace
from datetime import timedelta

import pytest

from homecare.kernel.ids import AreaId, ClientId, HomeId, ServiceId, VisitId, WorkerId
from homecare.punches.model import Edge
from homecare.punches.proposals import Known, Obstacle, Proposal, fit, obstacle, propose
from homecare.visits.model import Visit
from tests.builders import MORNING

SONIA, KARIM = WorkerId(1), WorkerId(2)
HERE, ELSEWHERE = HomeId(10), HomeId(11)
PUNCH = Known(MORNING, Edge.ARRIVAL, frozenset({HERE}), SONIA)


def minutes(count: int) -> timedelta:
    return timedelta(minutes=count)


def visit(
    id_: int = 1, *, at: int = 0, worker: WorkerId | None = SONIA, home: HomeId = HERE, length: int = 60
) -> Visit:
    """Return a visit whose start is `at` minutes after the punch."""
    starts = MORNING + minutes(at)
    return Visit(
        id=VisitId(id_),
        area_id=AreaId(1),
        client_id=ClientId(1),
        client_last_name="Bellanger",
        client_first_name="Odile",
        home_id=home,
        service_id=ServiceId(1),
        service="Aide",
        worker_id=worker,
        worker_last_name=None if worker is None else "Arnaud",
        worker_first_name=None if worker is None else "Sonia",
        starts_at=starts,
        ends_at=starts + minutes(length),
        earliest_at=starts,
        latest_at=starts,
        pinned=False,
        published_at=MORNING,
        cancelled_at=None,
        arrived_at=None,
        left_at=None,
        revision=1,
    )


def found(known: Known, one: Visit) -> Proposal:
    proposal = fit(known, one)
    assert proposal is not None
    return proposal


def test_the_same_home_and_worker_at_the_hour_come_before_whatever_fits_less() -> None:
    ranked = [
        visit(1, at=5),
        visit(2, worker=None),
        visit(3, worker=KARIM),
        visit(4, worker=SONIA, home=ELSEWHERE, at=10),
        visit(5, worker=KARIM, home=ELSEWHERE),
    ]
    assert [one.visit.id for one in propose(PUNCH, ranked[::-1])] == [1, 2, 3, 4, 5]


def test_a_visit_hours_away_comes_after_a_colleagues_at_the_hour() -> None:
    evening, colleague = visit(1, at=600), visit(2, worker=KARIM)
    assert [one.visit.id for one in propose(PUNCH, [evening, colleague])] == [2, 1]


def test_what_a_punch_does_not_tell_speaks_neither_for_nor_against() -> None:
    nowhere = found(replace(PUNCH, homes=frozenset()), visit())
    assert (nowhere.is_same_home, nowhere.is_same_worker) == (None, True)
    nobody = found(replace(PUNCH, worker=None), visit())
    assert (nobody.is_same_home, nobody.is_same_worker) == (True, None)
    assert nowhere.distance == nobody.distance == timedelta(0)


@pytest.mark.parametrize(
    ("edge", "at", "expected"),
    [
        (None, 3, Edge.ARRIVAL),
        (None, 57, Edge.DEPARTURE),
        (Edge.ARRIVAL, 57, Edge.ARRIVAL),
        (Edge.DEPARTURE, 3, Edge.DEPARTURE),
    ],
)
def test_the_end_is_the_one_that_was_said_else_the_nearest(
    edge: Edge | None, at: int, expected: Edge
) -> None:
    proposal = found(replace(PUNCH, edge=edge, at=MORNING + minutes(at)), visit())
    assert proposal.edge is expected
    assert proposal.other_edge is not expected
    assert not proposal.is_other_edge


def test_once_the_arrival_is_known_it_is_the_departure_and_a_second_arrival_says_the_other_end() -> None:
    begun = replace(visit(), arrived_at=MORNING - minutes(2))
    proposal = found(PUNCH, begun)
    assert (proposal.edge, proposal.other_edge, proposal.is_other_edge) == (Edge.DEPARTURE, None, True)
    assert proposal.apart == minutes(-60)


@pytest.mark.parametrize(
    ("one", "edge", "expected"),
    [
        (replace(visit(), cancelled_at=MORNING), Edge.ARRIVAL, Obstacle.CANCELLED),
        (replace(visit(), arrived_at=MORNING), Edge.ARRIVAL, Obstacle.HAS_ARRIVAL),
        (replace(visit(), left_at=MORNING), Edge.DEPARTURE, Obstacle.HAS_DEPARTURE),
        (replace(visit(), left_at=MORNING), Edge.ARRIVAL, Obstacle.AFTER_DEPARTURE),
        (replace(visit(), arrived_at=MORNING + minutes(1)), Edge.DEPARTURE, Obstacle.BEFORE_ARRIVAL),
        (replace(visit(), arrived_at=MORNING), Edge.DEPARTURE, Obstacle.BEFORE_ARRIVAL),
        (replace(visit(), left_at=MORNING - minutes(1)), Edge.ARRIVAL, Obstacle.AFTER_DEPARTURE),
        (visit(at=17 * 60), Edge.ARRIVAL, Obstacle.TOO_FAR),
        (visit(at=-61), Edge.DEPARTURE, None),
    ],
)
def test_a_visit_tells_why_it_cannot_have_an_end(one: Visit, edge: Edge, expected: Obstacle | None) -> None:
    assert obstacle(one, edge, MORNING) is expected


def test_a_visit_that_can_have_neither_end_is_not_proposed() -> None:
    over = replace(visit(), arrived_at=MORNING, left_at=MORNING + minutes(60))
    assert propose(PUNCH, [over, replace(visit(), cancelled_at=MORNING)]) == []
