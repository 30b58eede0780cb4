from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime

import psycopg
import pytest

from homecare.access.operations import sign_in
from homecare.access.queries import area_at, find_called_line
from homecare.access.throttle import Attempt
from homecare.clients.queries import count_clients
from homecare.kernel import db
from homecare.kernel.calendar import paris_day
from homecare.kernel.ids import OrganisationId
from homecare.kernel.settings import Settings
from homecare.payers.queries import list_payers
from homecare.punches.proof_minimum import list_minimums
from homecare.visits.queries import list_day, list_plannable
from homecare.workers.queries import list_workers, worker_with_code
from simulators.seed.days import find_day_to_play, make_week
from simulators.seed.drawing import CLIENTS, draw_agency
from simulators.seed.keepsakes import PASSWORD, Keepsakes
from simulators.seed.making import SeedError, check_may_seed, write_agency
from simulators.territory.addresses import Address
from tests.builders import CODE_KEY
from tests.database import Database, clone_template

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
TODAY = paris_day(NOW)


@pytest.fixture(scope="module")
def seeded(template: Settings, addresses: Sequence[Address]) -> Iterator[tuple[db.Conn, Keepsakes]]:
    """The agency, seen as the programs see it."""
    with contextmanager(clone_template)(template) as database:
        with psycopg.connect(database.owner) as conn:
            keepsakes = write_agency(
                conn,
                addresses,
                seed=1,
                code_key=CODE_KEY,
                now=NOW,
                device_password=lambda name: f"password of {name}",
                say=lambda _: None,
            )
        with database.connect(OrganisationId(keepsakes.organisation)) as conn:
            yield conn, keepsakes


def test_the_agency_is_there_and_can_be_called(seeded: tuple[db.Conn, Keepsakes]) -> None:
    conn, keepsakes = seeded
    assert count_clients(conn) == 250
    assert len(list_workers(conn, day=TODAY)) == 60
    assert find_called_line(conn, keepsakes.called_number) == keepsakes.organisation


def test_a_working_day_has_about_450_visits_to_plan(seeded: tuple[db.Conn, Keepsakes]) -> None:
    conn, _ = seeded
    assert 400 <= len(list_day(conn, TODAY)) <= 500


def test_clients_know_workers_from_the_weeks_before(seeded: tuple[db.Conn, Keepsakes]) -> None:
    conn, _ = seeded
    areas = {visit.area_id for visit in list_day(conn, TODAY)}
    plannable = [visit for area in areas for visit in list_plannable(conn, area, day=TODAY)]
    assert sum(bool(visit.usual_workers) for visit in plannable) > 0.9 * len(plannable)


def test_every_home_falls_by_itself_into_its_area(
    seeded: tuple[db.Conn, Keepsakes], addresses: Sequence[Address]
) -> None:
    conn, _ = seeded
    for address in addresses[::100]:
        assert area_at(conn, commune=address.commune_code, lon=address.lon, lat=address.lat) is not None


def test_the_codes_that_were_kept_open_the_telephone(seeded: tuple[db.Conn, Keepsakes]) -> None:
    conn, keepsakes = seeded
    organisation = OrganisationId(keepsakes.organisation)
    for worker, code in keepsakes.codes.items():
        found = worker_with_code(conn, CODE_KEY, organisation, code, day=TODAY)
        assert found is not None
        assert found.id == worker


def test_workers_sign_in_with_the_known_password(seeded: tuple[db.Conn, Keepsakes]) -> None:
    conn, keepsakes = seeded
    attempt = Attempt(next(iter(keepsakes.emails.values())), "192.0.2.7", at=NOW)
    assert sign_in(conn, attempt, PASSWORD, now=NOW)


def test_a_departement_asks_for_a_line_and_few_of_its_clients_can_be_punched_with_less(
    seeded: tuple[db.Conn, Keepsakes],
) -> None:
    conn, keepsakes = seeded
    asked = {one.name: list_minimums(conn, None, payer=one.id) for one in list_payers(conn, day=TODAY)}
    assert [[one.minimum for one in minimums] for minimums in asked.values()] == [["C"], ["B"], []]
    demanding = next(one for one in list_payers(conn, day=TODAY) if one.kind == "department")
    assert demanding.clients - len(keepsakes.devices) == 4


def test_making_the_week_again_makes_nothing_twice(seeded: tuple[db.Conn, Keepsakes]) -> None:
    conn, _ = seeded
    assert make_week(conn, TODAY) == 0


def test_at_a_weekend_the_day_to_play_is_the_next_monday(seeded: tuple[db.Conn, Keepsakes]) -> None:
    conn, _ = seeded
    assert find_day_to_play(conn, date(2026, 11, 28)) == date(2026, 11, 30)


def test_nothing_is_invented_outside_a_demonstration(database: Database) -> None:
    with psycopg.connect(database.owner) as conn, pytest.raises(SeedError, match="démonstration"):
        check_may_seed(conn)


def test_an_agency_is_made_once(database: Database) -> None:
    database.become_demo()
    with psycopg.connect(database.owner) as conn:
        check_may_seed(conn)
    database.create_organisation()
    with psycopg.connect(database.owner) as conn, pytest.raises(SeedError, match="déjà"):
        check_may_seed(conn)


def test_a_map_with_too_few_addresses_is_refused_with_how_many_it_takes(
    database: Database, addresses: Sequence[Address]
) -> None:
    with (
        psycopg.connect(database.owner) as conn,
        pytest.raises(SeedError, match="n’a que 18 adresses numérotées : il en faut 250"),
    ):
        write_agency(
            conn,
            addresses[:18],
            seed=1,
            code_key=CODE_KEY,
            now=NOW,
            device_password=lambda _: None,
            say=lambda _: None,
        )


def test_the_fewest_addresses_are_enough_wherever_their_communes_lie(addresses: Sequence[Address]) -> None:
    for some in (addresses[:CLIENTS], [replace(one, commune_code="") for one in addresses[:CLIENTS]]):
        assert len(draw_agency(some, seed=1, day=TODAY).clients) == CLIENTS
