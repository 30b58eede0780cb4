"""Adding one visit from the planning or a client's card: found by name, made once, then given to a worker."""

import re
from dataclasses import dataclass
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from homecare.access.model import Role
from homecare.kernel.calendar import paris_day
from homecare.kernel.ids import ServiceId
from homecare.visits.model import Visit
from homecare.visits.queries import list_day
from tests.backoffice_web.agency import NOW, Agency, signed
from tests.builders import MadeHome, make_area, make_client, make_service

DAY = paris_day(NOW)


@dataclass(frozen=True, slots=True)
class Adding:
    agency: Agency
    planner: FlaskClient
    home: MadeHome
    service: ServiceId

    @property
    def page(self) -> str:
        return f"/planning/ajouter/{self.home.client}"

    def fields(self, **otherwise: str) -> dict[str, str]:
        form = self.planner.get(self.page).text
        key = re.search(r'name="form_key" value="([^"]+)"', form)
        assert key is not None
        asked = {
            "form_key": key[1],
            "home": str(self.home.home),
            "service": str(self.service),
            "day": DAY.isoformat(),
            "at": "14:30",
            "minutes": "45",
        }
        return signed(self.planner, self.page, **{**asked, **otherwise})

    def send(self, **otherwise: str) -> TestResponse:
        return self.planner.post(self.page, data=self.fields(**otherwise))

    def visits(self) -> list[Visit]:
        with self.agency.database.connect(self.agency.organisation) as conn:
            return list_day(conn, DAY)


@pytest.fixture
def adding(agency: Agency) -> Adding:
    with agency.database.connect(agency.organisation) as conn:
        home, service = make_client(conn, agency.area), make_service(conn)
    return Adding(agency, agency.browser(Role.COORDINATOR), home, service)


def test_a_client_is_found_by_name_from_the_planning_and_named_on_their_own_card(adding: Adding) -> None:
    assert "/planning/ajouter?jour=2026-11-24" in adding.planner.get("/planning").text
    found = adding.planner.get("/planning/ajouter?jour=2026-11-26&q=bellanger").text
    assert f"{adding.page}?jour=2026-11-26" in found
    assert "Aucun bénéficiaire de ce nom" in adding.planner.get("/planning/ajouter?q=zzz").text
    assert adding.page in adding.planner.get(f"/beneficiaires/{adding.home.client}").text


def test_the_added_visit_is_opened_to_choose_who_goes_and_is_a_draft(adding: Adding) -> None:
    answer = adding.send()
    (visit,) = adding.visits()
    assert (answer.status_code, answer.location) == (
        303,
        f"/planning?jour={DAY.isoformat()}&intervention={visit.id}",
    )
    assert (visit.worker_id, visit.published_at, visit.minutes) == (None, None, 45)
    shown = adding.planner.get(answer.location).text
    assert f'data-opened="{visit.id}"' in shown
    assert "en brouillon" in shown


def test_sent_twice_it_is_one_visit(adding: Adding) -> None:
    fields = adding.fields()
    addresses = {adding.planner.post(adding.page, data=fields).location for _ in range(2)}
    assert (len(addresses), len(adding.visits())) == (1, 1)


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"day": (DAY + timedelta(days=500)).isoformat()}, "trop loin"),
        ({"day": "3026-11-24"}, "trop lointaine"),
        ({"day": ""}, "Choisissez un jour"),
        ({"at": "demain"}, "À reprendre"),
        ({"minutes": "3"}, "5 à 1"),
        ({"minutes": "une heure"}, "À reprendre"),
        ({"minutes": ""}, "Saisissez la durée"),
        ({"service": "0"}, "À reprendre"),
        ({"service": "x"}, "À reprendre"),
        ({"home": "0"}, "À reprendre"),
    ],
)
def test_what_cannot_be_is_refused_in_words_and_nothing_is_added(
    adding: Adding, fields: dict[str, str], why: str
) -> None:
    answer = adding.send(**fields)
    assert (answer.status_code, why in answer.text) == (422, True)
    assert adding.visits() == []


def test_without_a_length_it_lasts_as_its_service_usually_does(adding: Adding) -> None:
    with adding.agency.database.connect(adding.agency.organisation) as conn:
        conn.execute(
            """INSERT INTO recurrences (client_id, home_id, service_id, weekdays, starts, minutes, period)
               VALUES (%s, %s, %s, '{2}', '09:00', 90, '[2026-01-01,)')""",
            (adding.home.client, adding.home.home, adding.service),
        )
    assert "(1 h 30)" in adding.planner.get(adding.page).text.replace("\xa0", " ")
    adding.send(minutes="")
    assert [visit.minutes for visit in adding.visits()] == [90]


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.WORKER])
def test_whoever_does_not_plan_adds_nothing(adding: Adding, role: Role) -> None:
    browser = adding.agency.browser(role)
    assert browser.get("/planning/ajouter").status_code == 403
    assert browser.get(adding.page).status_code == 403


def test_a_coordinator_of_another_area_finds_and_adds_nothing(adding: Adding) -> None:
    with adding.agency.database.connect(adding.agency.organisation) as conn:
        elsewhere = make_area(conn)
    stranger = adding.agency.browser(Role.COORDINATOR, area=elsewhere)
    assert "BELLANGER" not in stranger.get("/planning/ajouter?q=bellanger").text
    assert stranger.post(adding.page, data=signed(stranger, "/planning")).status_code == 404
    assert adding.visits() == []
