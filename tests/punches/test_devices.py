"""Boxes and readers: since when one is away, whether its reader is there, and who is told."""

from datetime import timedelta

import pytest

from homecare.kernel import db
from homecare.kernel.ids import OrganisationId
from homecare.punches.devices import Health, list_ailing_devices, note_device_status
from homecare.punches.operations import register_device
from tests.builders import MORNING, MadeHome, make_area, make_client

AWAY = Health(online=False)
WELL = Health(online=True, reader=True, waiting=0)
NAME = "gw-health1"


@pytest.fixture
def home(conn: db.Conn) -> MadeHome:
    made = make_client(conn, make_area(conn))
    register_device(conn, NAME, label="Entrée", home=made.home)
    return made


class Says:
    """A device that says how it feels, a number of minutes after 08:00."""

    def __init__(self, conn: db.Conn, organisation: OrganisationId) -> None:
        self.conn = conn
        self.organisation = organisation

    def __call__(self, health: Health, minutes: int) -> list[tuple[str | None, bool, int, int | None]]:
        """Note it; return what is to be looked at: client, whether it is there, minutes after 08:00, held."""
        at = MORNING + timedelta(minutes=minutes)
        note_device_status(self.conn, self.organisation, NAME, health, at=at)
        return [
            (one.client, one.online, round((one.since - MORNING).total_seconds() / 60), one.waiting)
            for one in list_ailing_devices(self.conn)
        ]

    def events(self) -> list[str]:
        return db.values(
            self.conn, str, "SELECT kind FROM device_events WHERE device = %s ORDER BY at, kind", (NAME,)
        )


@pytest.fixture
def says(conn: db.Conn, organisation: OrganisationId, home: MadeHome) -> Says:
    del home
    return Says(conn, organisation)


def test_a_device_is_away_since_the_first_word_of_it_however_often_it_is_repeated(says: Says) -> None:
    assert says(Health(online=True, reader=True, waiting=2), 0) == []
    assert says(AWAY, 5) == [("BELLANGER Odile", False, 5, 2)]
    assert says(AWAY, 50) == [("BELLANGER Odile", False, 5, 2)]
    assert says(WELL, 60) == []
    assert says.events() == ["online", "reader_found", "offline", "online"]


def test_a_device_without_its_reader_is_told_although_it_is_there(says: Says) -> None:
    says(WELL, 0)
    assert says(Health(online=True, reader=False, waiting=0), 3) == [("BELLANGER Odile", True, 0, 0)]
    assert says(WELL, 4) == []


def test_what_a_device_repeats_each_minute_leaves_one_trace(says: Says) -> None:
    for minute in range(5):
        says(WELL, minute)
    assert says.events() == ["online", "reader_found"]


def test_a_device_that_never_said_anything_or_is_of_another_area_is_not_told(
    conn: db.Conn, says: Says
) -> None:
    register_device(conn, "box-new1", label="Neuf", home=None)
    says(AWAY, 0)
    assert [one.name for one in list_ailing_devices(conn)] == [NAME]
    assert list_ailing_devices(conn, area=make_area(conn)) == []


def test_whoever_is_restricted_to_another_area_is_told_nothing_of_a_home(conn: db.Conn, says: Says) -> None:
    says(AWAY, 0)
    conn.execute("SELECT set_config('app.area_ids', %s, true)", (str(make_area(conn)),))
    assert list_ailing_devices(conn) == []
