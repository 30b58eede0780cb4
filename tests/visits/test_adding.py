"""Adding one visit by hand: nobody's, not published, beside the weekly plan; nonsense refused in words."""

from datetime import time, timedelta
from typing import Any

import pytest

from homecare.kernel import db
from homecare.kernel.errors import InvalidError
from homecare.kernel.ids import OrganisationId, VisitId
from homecare.visits.adding import add_visit, usual_lengths
from homecare.visits.operations import create_recurrence
from homecare.visits.queries import find_visit, list_recurrences
from tests.builders import ACTOR, MORNING, make_area, make_client, make_service


class Agency:
    def __init__(self, conn: db.Conn) -> None:
        self.conn = conn
        self.home = make_client(conn, make_area(conn))
        self.service = make_service(conn)

    def add(self, **otherwise: Any) -> VisitId:
        asked = {
            "client": self.home.client,
            "home": self.home.home,
            "service": self.service,
            "starts_at": MORNING,
            "minutes": 45,
            **otherwise,
        }
        return add_visit(self.conn, ACTOR, now=MORNING, **asked)

    def agree(self, home: Any, minutes: int, *, starts: time) -> None:
        create_recurrence(
            self.conn,
            ACTOR,
            client=home.client,
            home=home.home,
            service=self.service,
            weekdays=[2],
            starts=starts,
            minutes=minutes,
            flexible_minutes=0,
            since=MORNING.date(),
            until=None,
            now=MORNING,
        )


@pytest.fixture
def agency(conn: db.Conn, organisation: OrganisationId) -> Agency:
    return Agency(conn)


def test_an_added_visit_is_nobodys_not_published_and_beside_the_weekly_plan(agency: Agency) -> None:
    visit = find_visit(agency.conn, agency.add())
    assert (visit.worker_id, visit.published_at, visit.minutes) == (None, None, 45)
    assert (visit.earliest_at, visit.latest_at) == (MORNING, MORNING)
    assert list_recurrences(agency.conn) == []


@pytest.mark.parametrize(
    ("otherwise", "why"),
    [
        ({"starts_at": MORNING + timedelta(days=401)}, "trop loin"),
        ({"starts_at": MORNING - timedelta(days=32)}, "trop loin"),
        ({"minutes": 4}, "5 à 1 440"),
        ({"minutes": 1441}, "5 à 1 440"),
        ({"service": 0}, "prestation"),
    ],
)
def test_what_makes_no_sense_is_refused(agency: Agency, otherwise: dict[str, Any], why: str) -> None:
    with pytest.raises(InvalidError, match=why):
        agency.add(**otherwise)


def test_a_home_is_the_clients_own(agency: Agency) -> None:
    other = make_client(agency.conn, make_area(agency.conn), last_name="Delmas")
    with pytest.raises(InvalidError, match="domicile"):
        agency.add(home=other.home)


def test_whoever_has_left_is_visited_no_more(agency: Agency) -> None:
    agency.conn.execute("UPDATE clients SET ended_on = %s", (MORNING.date(),))
    with pytest.raises(InvalidError, match="plus accompagné"):
        agency.add()
    agency.add(starts_at=MORNING - timedelta(days=1))


def test_a_service_usually_lasts_what_this_client_has_else_what_most_have(agency: Agency) -> None:
    others = [make_client(agency.conn, make_area(agency.conn), last_name="Delmas") for _ in range(2)]
    assert usual_lengths(agency.conn, agency.home.client) == {}
    for other in others:
        agency.agree(other, 30, starts=time(9))
    usual = usual_lengths(agency.conn, agency.home.client)[agency.service]
    assert (usual.minutes, usual.is_clients) == (30, False)
    agency.agree(agency.home, 90, starts=time(9))
    usual = usual_lengths(agency.conn, agency.home.client)[agency.service]
    assert (usual.minutes, usual.is_clients) == (90, True)
