"""How near counts as there for each client and place, where nothing is checked, other agreed places."""

from dataclasses import replace
from datetime import timedelta

import pytest

from homecare.clients.place_rules import rule_client_place, set_home_radius
from homecare.clients.sites import (
    NewSite,
    SiteKind,
    agree_site,
    join_site,
    leave_site,
    list_offered_sites,
    list_shared_sites,
    list_sites,
)
from homecare.kernel import db
from homecare.kernel.errors import InvalidError, NotFoundError
from homecare.kernel.ids import AreaId, OrganisationId, SiteId, VisitId, WorkerId
from homecare.punches.journal import list_journal
from homecare.punches.model import Channel, Claim, Doubt, PlaceCheck, Receipt, SignedInWorker, Site, Tag
from homecare.punches.operations import record
from homecare.punches.place_exceptions import list_exceptions
from homecare.punches.place_setting import PlaceSetting, change_place_setting
from homecare.punches.receipts import list_own_punches
from homecare.punches.worker_day import list_own_visits
from tests.builders import ACTOR, MORNING, MadeHome, make_area, make_client, make_visit, make_worker
from tests.features import feature

DAY = timedelta(days=1)
CENTRE = NewSite(
    SiteKind.DAY_CENTRE, "Les Tilleuls", "2 place du Marché", "99100", "La Chesnaye", 0.93, 46.36
)
DAUGHTER = replace(CENTRE, kind=SiteKind.FAMILY, name="Chez sa fille")


@pytest.fixture
def area(conn: db.Conn) -> AreaId:
    return make_area(conn)


@pytest.fixture
def home(conn: db.Conn, area: AreaId) -> MadeHome:
    made = make_client(conn, area)
    conn.execute("UPDATE homes SET lon = 0.92, lat = 46.35 WHERE id = %s", (made.home,))
    return made


@pytest.fixture
def worker(conn: db.Conn, organisation: OrganisationId, area: AreaId) -> WorkerId:
    change_place_setting(conn, ACTOR, PlaceSetting(is_on=True), now=MORNING)
    return make_worker(conn, organisation, area).id


def radius_told(conn: db.Conn, worker: WorkerId) -> int | None:
    (visit,) = list_own_visits(conn, worker, since=MORNING - DAY, until=MORNING + DAY)
    return visit.radius_metres


@feature("P22")
def test_the_radius_is_the_homes_own_else_the_clients_else_the_agencys_two_hundred_metres(
    conn: db.Conn, home: MadeHome, worker: WorkerId
) -> None:
    make_visit(conn, home, worker)
    assert radius_told(conn, worker) == 200
    rule_client_place(conn, ACTOR, home.client, checks=True, metres=350, now=MORNING)
    assert radius_told(conn, worker) == 350
    set_home_radius(conn, ACTOR, home.home, 80, now=MORNING)
    assert radius_told(conn, worker) == 80
    set_home_radius(conn, ACTOR, home.home, None, now=MORNING)
    rule_client_place(conn, ACTOR, home.client, checks=True, metres=None, now=MORNING)
    assert radius_told(conn, worker) == 200


@pytest.mark.parametrize("metres", [0, 49, 2001])
def test_a_radius_that_proves_nothing_is_refused_everywhere(
    conn: db.Conn, home: MadeHome, metres: int
) -> None:
    for refused in (
        lambda: set_home_radius(conn, ACTOR, home.home, metres, now=MORNING),
        lambda: rule_client_place(conn, ACTOR, home.client, checks=True, metres=metres, now=MORNING),
        lambda: agree_site(conn, ACTOR, home.client, replace(CENTRE, radius_metres=metres), now=MORNING),
    ):
        with pytest.raises(InvalidError, match="Le rayon va de 50 à 2000 mètres"):
            refused()


@feature("P24")
def test_a_client_whose_check_is_off_is_asked_about_nowhere_and_raises_nothing(
    conn: db.Conn, organisation: OrganisationId, home: MadeHome, worker: WorkerId
) -> None:
    make_visit(conn, home, worker)
    site = agree_site(conn, ACTOR, home.client, DAUGHTER, now=MORNING)
    rule_client_place(conn, ACTOR, home.client, checks=False, metres=None, now=MORNING)
    assert radius_told(conn, worker) is None
    (offered,) = list_offered_sites(conn, [home.client], usual_radius=200)
    assert (offered.id, offered.lat, offered.lon, offered.radius_metres) == (site, None, None, None)
    punch(conn, organisation, worker, site, word=PlaceCheck.UNKNOWN)
    assert list_exceptions(conn, since=MORNING - DAY, until=MORNING + DAY) == []


def punch(
    conn: db.Conn,
    organisation: OrganisationId,
    worker: WorkerId,
    site: SiteId,
    *,
    word: PlaceCheck = PlaceCheck.INSIDE,
) -> Receipt:
    claim = Claim(
        organisation=organisation,
        channel=Channel.APP,
        source_ref="1",
        punched_at=MORNING + timedelta(minutes=2),
        where=Site(site),
        who=SignedInWorker(worker),
        place_check=word,
    )
    (receipt,) = record(conn, [claim], core_instance="test", now=MORNING + timedelta(minutes=3))
    return receipt


@feature("P23")
def test_a_punch_at_an_agreed_place_belongs_to_the_clients_visit_and_names_the_place(
    conn: db.Conn, organisation: OrganisationId, home: MadeHome, worker: WorkerId
) -> None:
    visit = make_visit(conn, home, worker)
    site = agree_site(conn, ACTOR, home.client, DAUGHTER, now=MORNING)
    (offered,) = list_offered_sites(conn, [home.client], usual_radius=200)
    assert (offered.name, offered.lat, offered.radius_metres) == ("Chez sa fille", 46.36, 200)
    assert punch(conn, organisation, worker, site).visit == visit
    (row,) = list_journal(conn, since=MORNING - DAY, until=MORNING + DAY)
    assert (row.site, row.place_check, row.proof) == ("Chez sa fille", "inside", "D")


@feature("P23")
def test_a_day_centre_serves_several_clients_and_the_punch_goes_to_the_one_whose_visit_fits(
    conn: db.Conn, organisation: OrganisationId, area: AreaId, home: MadeHome, worker: WorkerId
) -> None:
    other = make_client(conn, area, last_name="Hamel")
    site = agree_site(conn, ACTOR, home.client, CENTRE, now=MORNING)
    assert [one.id for one in list_shared_sites(conn)] == [site]
    join_site(conn, ACTOR, other.client, site, now=MORNING)
    visit = make_visit(conn, other, worker)
    assert punch(conn, organisation, worker, site).visit == visit


def test_two_visits_at_the_same_hour_in_one_day_centre_are_told_apart_by_a_person(
    conn: db.Conn, organisation: OrganisationId, area: AreaId, home: MadeHome, worker: WorkerId
) -> None:
    other = make_client(conn, area, last_name="Hamel")
    site = agree_site(conn, ACTOR, home.client, CENTRE, now=MORNING)
    join_site(conn, ACTOR, other.client, site, now=MORNING)
    for here in (home, other):
        make_visit(conn, here, worker)
    assert punch(conn, organisation, worker, site).doubt is Doubt.SEVERAL_VISITS


def test_a_place_that_is_agreed_no_more_names_no_home(
    conn: db.Conn, organisation: OrganisationId, home: MadeHome, worker: WorkerId
) -> None:
    make_visit(conn, home, worker)
    site = agree_site(conn, ACTOR, home.client, DAUGHTER, now=MORNING)
    leave_site(conn, ACTOR, home.client, site, now=MORNING)
    assert list_sites(conn, home.client) == []
    assert punch(conn, organisation, worker, site).doubt is Doubt.UNKNOWN_HOME


def test_nobody_agrees_on_a_place_that_does_not_exist(conn: db.Conn, home: MadeHome) -> None:
    with pytest.raises(NotFoundError):
        join_site(conn, ACTOR, home.client, SiteId(0), now=MORNING)


@feature("P22")
def test_a_punch_made_elsewhere_is_kept_matched_and_waits_among_the_exceptions(
    conn: db.Conn, organisation: OrganisationId, home: MadeHome, worker: WorkerId
) -> None:
    visit: VisitId = make_visit(conn, home, worker)
    site = agree_site(conn, ACTOR, home.client, DAUGHTER, now=MORNING)
    receipt = punch(conn, organisation, worker, site, word=PlaceCheck.OUTSIDE)
    assert (receipt.visit, receipt.doubt) == (visit, None)
    (row,) = list_exceptions(conn, since=MORNING - DAY, until=MORNING + DAY)
    assert (row.punch_id, row.visit_id, row.site) == (receipt.punch, visit, "Chez sa fille")
    assert (row.reason, row.seen_at) == (None, None)


@pytest.mark.parametrize("plan", ["enable_nestloop", "enable_hashjoin"])
def test_a_tag_is_read_beside_other_places_whatever_way_the_database_takes(
    conn: db.Conn, organisation: OrganisationId, home: MadeHome, worker: WorkerId, plan: str
) -> None:
    agree_site(conn, ACTOR, home.client, CENTRE, now=MORNING)
    claim = Claim(
        organisation=organisation,
        channel=Channel.APP,
        source_ref="tag",
        punched_at=MORNING,
        where=Tag(home.tag),
        who=SignedInWorker(worker),
        place_check=PlaceCheck.OUTSIDE,
    )
    record(conn, [claim], core_instance="test", now=MORNING)
    conn.execute(f"SET LOCAL {plan} = off")
    since, until = MORNING - DAY, MORNING + DAY
    assert len(list_own_punches(conn, worker, since=since, until=until)) == 1
    assert len(list_exceptions(conn, since=since, until=until)) == 1
    assert len(list_journal(conn, since=since, until=until)) == 1
