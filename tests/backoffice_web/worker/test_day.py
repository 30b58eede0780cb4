"""Which visit the phone shows first, what its button does, and by which way. Pure."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from backoffice_web.layout.vocabulary import Status
from backoffice_web.portals.worker.day import Way, WorkerDay, read_day
from homecare.kernel.calendar import paris_day
from homecare.kernel.ids import ClientId, HomeId, VisitId
from homecare.punches.model import Edge
from homecare.punches.worker_day import OwnVisit
from tests.backoffice_web.agency import NOW, later


def planned(number: int, minutes_from_now: int) -> OwnVisit:
    """Return a visit of one hour."""
    return OwnVisit(
        id=VisitId(number),
        home_id=HomeId(number),
        client_id=ClientId(number),
        client="AUBRY Paulette",
        instructions="",
        service="Toilette",
        street="12 rue des Tilleuls",
        city="La Chesnaye",
        access_notes="",
        starts_at=later(minutes_from_now),
        ends_at=later(minutes_from_now + 60),
        arrived_at=None,
        left_at=None,
        cancelled_at=None,
        usual_channel=None,
    )


def arrived(visit: OwnVisit, at: datetime) -> OwnVisit:
    return replace(visit, arrived_at=at)


def done(visit: OwnVisit) -> OwnVisit:
    return replace(visit, arrived_at=visit.starts_at, left_at=visit.starts_at + timedelta(minutes=57))


def day_of(*visits: OwnVisit) -> WorkerDay:
    return read_day(paris_day(NOW), NOW, visits, ())


def test_the_next_visit_asks_for_an_arrival() -> None:
    day = day_of(done(planned(1, -180)), planned(2, 10), planned(3, 100))
    assert day.next is not None
    assert (day.next.visit.id, day.next.edge) == (2, Edge.ARRIVAL)


def test_a_visit_that_goes_on_stands_before_all_others_and_asks_for_a_departure() -> None:
    day = day_of(planned(1, -30), arrived(planned(2, 0), later(-5)))
    assert day.next is not None
    assert (day.next.visit.id, day.next.edge, day.next.minutes) == (2, Edge.DEPARTURE, 5)


def test_a_forgotten_visit_is_asked_about_for_three_hours_when_nothing_else_comes() -> None:
    forgotten = planned(1, -120)
    assert day_of(forgotten, planned(2, 10)).next != day_of(forgotten).next
    asked = day_of(forgotten).next
    assert asked is not None
    assert (asked.status, asked.edge) == (Status.MISS, Edge.ARRIVAL)
    assert day_of(planned(1, -60 - 181)).next is None


def test_nothing_is_asked_about_cancelled_or_finished_visits() -> None:
    day = day_of(done(planned(1, -180)), replace(planned(2, 30), cancelled_at=NOW))
    assert day.next is None
    assert [act.edge for act in day.acts] == [None, None]


def test_minutes_leave_cancelled_visits_out() -> None:
    day = day_of(done(planned(1, -180)), replace(planned(2, 30), cancelled_at=NOW), planned(3, 60))
    assert (day.minutes_done, day.minutes_planned) == (57, 120)


@pytest.mark.parametrize(
    ("channel", "way"),
    [("qr", Way.CODE), ("nfc", Way.TAG), ("app", Way.WORD), ("phone", Way.WORD), (None, Way.WORD)],
)
def test_the_button_punches_as_it_last_did_at_this_home(channel: str | None, way: Way) -> None:
    assert day_of(replace(planned(1, 10), usual_channel=channel)).acts[0].way is way
