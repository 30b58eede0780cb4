"""Ordering a tag for a home: one code, one tag, half an hour; the chip has to prove the keys it was given."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from homecare.clients.tag_enrolment import (
    GOOD_FOR,
    begin_enrolment,
    finish_enrolment,
    read_order,
    serve_enrolment,
)
from homecare.clients.tags import TagKind, list_tags
from homecare.kernel import db
from homecare.kernel.errors import InvalidError
from homecare.kernel.ids import OrganisationId
from homecare.kernel.sealing import Sealer
from simulators.nfc_card.aes import sun_message
from tests.builders import MORNING, MadeHome, actor_of, make_area, make_client, make_user
from tests.database import Database
from tests.tags import SEALER

UID = bytes.fromhex("04AABBCCDDEE77")


class Office:
    """A home for which tags are ordered."""

    def __init__(self, conn: db.Conn) -> None:
        self.conn = conn
        self.home: MadeHome = make_client(conn, make_area(conn))
        self.actor = actor_of(make_user(conn))

    def begin(self, kind: TagKind = TagKind.SUN, *, sealer: Sealer = SEALER) -> str:
        return begin_enrolment(self.conn, self.actor, self.home.home, kind, sealer=sealer, now=MORNING)

    def finish(self, code: str, message: str | None = None, *, uid: bytes = UID, minutes: int = 5) -> TagKind:
        now = MORNING + timedelta(minutes=minutes)
        if message is None:
            keys = read_order(self.conn, code, sealer=SEALER, now=now).keys
            message = "" if keys is None else sun_message(uid, 1, meta_key=keys.meta, file_key=keys.file)
        return finish_enrolment(self.conn, code, uid=uid, message=message, sealer=SEALER, now=now)

    def enrolled(self) -> list[tuple[str, bytes | None]]:
        return [(tag.kind, tag.uid) for tag in list_tags(self.conn, self.home.home) if tag.uid is not None]


@pytest.fixture
def office(conn: db.Conn, organisation: OrganisationId) -> Office:
    del organisation
    return Office(conn)


def test_a_tag_is_enrolled_once_with_its_code(office: Office) -> None:
    code = office.begin()
    assert office.finish(code) is TagKind.SUN
    assert office.enrolled() == [("sun", UID)]
    with pytest.raises(InvalidError, match="déjà servi"):
        office.finish(code, "e=00", uid=bytes.fromhex("04AABBCCDDEE78"))
    with pytest.raises(InvalidError, match="déjà servi"):
        read_order(office.conn, code, sealer=SEALER, now=MORNING)


def test_a_chip_that_proves_nothing_uses_no_code_up(office: Office) -> None:
    code = office.begin()
    with pytest.raises(InvalidError, match="prouvé"), office.conn.transaction():
        office.finish(code, "e=00")
    assert office.finish(code) is TagKind.SUN


def test_a_code_is_good_for_half_an_hour(office: Office) -> None:
    code = office.begin(TagKind.PLAIN)
    with pytest.raises(InvalidError, match="plus valable"):
        office.finish(code, "", minutes=int(GOOD_FOR.total_seconds() // 60) + 1)
    assert office.finish(code, "", minutes=29) is TagKind.PLAIN
    assert office.enrolled() == [("plain", UID)]


def test_without_a_master_key_only_plain_tags_are_ordered(office: Office) -> None:
    with pytest.raises(InvalidError, match="clé maîtresse"):
        office.begin(sealer=Sealer())
    office.begin(TagKind.PLAIN, sealer=Sealer())


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(code=st.text(max_size=40), message=st.text(max_size=80))
def test_no_code_and_no_message_that_were_made_up_enrol_a_tag(
    office: Office, code: str, message: str
) -> None:
    for attempt in (code, office.begin()):
        with pytest.raises(InvalidError), office.conn.transaction():
            office.finish(attempt, message)
    assert office.enrolled() == []


def test_a_code_serves_its_own_organisation_only(database: Database) -> None:
    here, there = database.create_organisation(), database.create_organisation("Autre réseau")
    with database.connect(here) as conn:
        code = Office(conn).begin()
    with database.connect(there) as conn:
        with pytest.raises(InvalidError):
            read_order(conn, code, sealer=SEALER, now=MORNING)
        serve_enrolment(conn, code)
        assert read_order(conn, code, sealer=SEALER, now=MORNING).keys is not None
