"""The check of the place: off by default, kept as one word, the home's place given only where it is made."""

from dataclasses import replace
from datetime import timedelta

import pytest

from homecare.clients.place_rules import switch_place_check
from homecare.kernel import db
from homecare.kernel.errors import InvalidError, NotFoundError
from homecare.kernel.ids import HomeId, OrganisationId, WorkerId
from homecare.punches.journal import list_journal
from homecare.punches.model import Channel, Claim, Home, Line, PlaceCheck, Qr, SignedInWorker
from homecare.punches.operations import record
from homecare.punches.place_setting import PlaceSetting, change_place_setting, find_place_setting
from homecare.punches.worker_day import OwnVisit, list_own_visits
from tests.builders import ACTOR, MORNING, MadeHome, make_area, make_client, make_visit, make_worker
from tests.database import Database

ON = PlaceSetting(is_on=True, radius_metres=150)
DAY = timedelta(days=1)


@pytest.fixture
def home(conn: db.Conn) -> MadeHome:
    made = make_client(conn, make_area(conn))
    conn.execute("UPDATE homes SET lon = 0.92, lat = 46.35 WHERE id = %s", (made.home,))
    return made


@pytest.fixture
def worker(conn: db.Conn, organisation: OrganisationId) -> WorkerId:
    return make_worker(conn, organisation, make_area(conn)).id


def own_visit(conn: db.Conn, home: MadeHome, worker: WorkerId) -> OwnVisit:
    make_visit(conn, home, worker)
    return list_own_visits(conn, worker, since=MORNING - DAY, until=MORNING + DAY)[0]


def place_of(visit: OwnVisit) -> tuple[float | None, float | None, int | None]:
    return visit.lon, visit.lat, visit.radius_metres


def words(conn: db.Conn, *claims: Claim) -> list[str | None]:
    """Record the claims; return what a screen is told of the place of each, the earliest first."""
    later = [replace(one, punched_at=MORNING + timedelta(minutes=n)) for n, one in enumerate(claims)]
    record(conn, later, core_instance="test", now=MORNING + DAY)
    journal = list_journal(conn, since=MORNING - DAY, until=MORNING + DAY)
    return [row.place_check for row in reversed(journal)]


# ---- the setting


def test_the_place_is_not_checked_until_somebody_says_so_and_then_within_two_hundred_metres(
    conn: db.Conn, organisation: OrganisationId
) -> None:
    del organisation  # whom the transaction serves
    assert find_place_setting(conn) == PlaceSetting(is_on=False, radius_metres=200)


def test_the_setting_is_one_agencys_and_leaves_its_trace(database: Database) -> None:
    here, there = database.create_organisation(), database.create_organisation("Autre réseau")
    with database.connect(here) as conn:
        change_place_setting(conn, ACTOR, ON, now=MORNING)
        change_place_setting(conn, ACTOR, replace(ON, is_on=False), now=MORNING)
        assert find_place_setting(conn) == replace(ON, is_on=False)
        trail = conn.execute(
            """SELECT before, after FROM audit_events WHERE action = 'punches.change_place_setting'
               ORDER BY id"""
        ).fetchall()
    off = {"is_on": False, "radius_metres": 200}
    on = {"is_on": True, "radius_metres": 150}
    assert trail == [(off, on), (on, on | {"is_on": False})]
    with database.connect(there) as conn:
        assert find_place_setting(conn) == PlaceSetting()


@pytest.mark.parametrize("metres", [0, -1, 49, 2001])
def test_a_radius_that_proves_nothing_is_refused(
    conn: db.Conn, organisation: OrganisationId, metres: int
) -> None:
    del organisation
    with pytest.raises(InvalidError, match="Le rayon va de 50 à 2000 mètres"):
        change_place_setting(conn, ACTOR, replace(ON, radius_metres=metres), now=MORNING)


# ---- what the telephone is given


def test_the_telephone_learns_where_a_home_is_only_when_the_place_is_checked(
    conn: db.Conn, home: MadeHome, worker: WorkerId
) -> None:
    assert place_of(own_visit(conn, home, worker)) == (None, None, None)
    change_place_setting(conn, ACTOR, ON, now=MORNING)
    assert place_of(own_visit(conn, home, worker)) == (0.92, 46.35, 150)


def test_a_home_where_the_check_is_switched_off_is_left_out_until_it_is_on_again(
    conn: db.Conn, home: MadeHome, worker: WorkerId
) -> None:
    change_place_setting(conn, ACTOR, ON, now=MORNING)
    switch_place_check(conn, ACTOR, home.home, on=False, now=MORNING)
    assert place_of(own_visit(conn, home, worker)) == (None, None, None)
    switch_place_check(conn, ACTOR, home.home, on=True, now=MORNING)
    assert place_of(own_visit(conn, home, worker)) == (0.92, 46.35, 150)
    with pytest.raises(NotFoundError):
        switch_place_check(conn, ACTOR, HomeId(0), on=False, now=MORNING)


# ---- what a screen is told


def test_the_word_of_the_workers_telephone_is_kept_as_it_was_said(
    conn: db.Conn, organisation: OrganisationId, home: MadeHome, worker: WorkerId
) -> None:
    claim = Claim(
        organisation=organisation,
        channel=Channel.APP,
        source_ref="1",
        punched_at=MORNING,
        where=Home(home.home),
        who=SignedInWorker(worker),
    )
    said = [replace(claim, source_ref=word, place_check=word) for word in PlaceCheck]
    assert words(conn, *said) == ["inside", "outside", "unknown"]


def test_a_word_about_another_home_than_that_of_the_code_read_says_nothing(
    conn: db.Conn, organisation: OrganisationId, home: MadeHome, worker: WorkerId
) -> None:
    neighbour = make_client(conn, make_area(conn), last_name="Hamel")
    claim = Claim(
        organisation=organisation,
        channel=Channel.QR,
        source_ref="1",
        punched_at=MORNING,
        where=Qr(neighbour.qr_token),
        who=SignedInWorker(worker),
        place_check=PlaceCheck.OUTSIDE,
        details={"beside": home.home},
    )
    own = replace(claim, source_ref="2", details={"beside": neighbour.home})
    nowhere = replace(claim, source_ref="3", where=Qr("nobodys"))
    assert words(conn, claim, own, nowhere) == ["unknown", "outside", "unknown"]


def test_a_call_has_no_word_of_the_place(conn: db.Conn, organisation: OrganisationId, home: MadeHome) -> None:
    claim = Claim(
        organisation=organisation,
        channel=Channel.PHONE,
        source_ref="1",
        punched_at=MORNING,
        where=Line(home.line),
    )
    assert words(conn, claim) == [None]
