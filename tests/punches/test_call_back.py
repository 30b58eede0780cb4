"""Which line may be rung to prove a call, how often, and what the ring lends to the punch."""

from datetime import timedelta

import pytest

from homecare.clients.operations import add_line
from homecare.kernel import db
from homecare.kernel.ids import OrganisationId
from homecare.punches.call_back import (
    A_HOME,
    AN_AGENCY,
    WINDOW,
    change_call_back_setting,
    claim_call_back,
    find_line_to_ring,
)
from homecare.punches.journal import list_journal
from homecare.punches.model import Channel, Claim, HomeCode, Line, Proof, SignedInWorker, Where
from homecare.punches.operations import record
from homecare.punches.proof_minimum import set_minimum
from tests.builders import ACTOR, MORNING, MadeHome, make_area, make_client, make_visit, make_worker


@pytest.fixture
def home(conn: db.Conn) -> MadeHome:
    return make_client(conn, make_area(conn))


def switch(conn: db.Conn, *, is_on: bool) -> None:
    change_call_back_setting(conn, ACTOR, is_on=is_on, now=MORNING)


def test_nobody_is_rung_until_the_agency_wants_it(conn: db.Conn, home: MadeHome) -> None:
    assert claim_call_back(conn, "a-1", home.home, now=MORNING) is None
    switch(conn, is_on=True)
    assert claim_call_back(conn, "a-1", home.home, now=MORNING) == home.line
    switch(conn, is_on=False)
    assert claim_call_back(conn, "a-2", home.home, now=MORNING) is None


def test_a_call_rings_once(conn: db.Conn, home: MadeHome) -> None:
    switch(conn, is_on=True)
    assert claim_call_back(conn, "a-1", home.home, now=MORNING) == home.line
    assert claim_call_back(conn, "a-1", home.home, now=MORNING) is None


def test_a_home_is_rung_so_often_an_hour_and_no_more(conn: db.Conn, home: MadeHome) -> None:
    switch(conn, is_on=True)
    for number in range(A_HOME):
        assert claim_call_back(conn, f"a-{number}", home.home, now=MORNING) == home.line
    assert claim_call_back(conn, "a-more", home.home, now=MORNING) is None
    other = make_client(conn, make_area(conn))
    assert claim_call_back(conn, "b-1", other.home, now=MORNING) == other.line
    assert claim_call_back(conn, "a-later", home.home, now=MORNING + WINDOW) == home.line


def test_an_agency_rings_so_often_an_hour_and_no_more(conn: db.Conn, home: MadeHome) -> None:
    switch(conn, is_on=True)
    other = make_client(conn, make_area(conn))
    conn.execute(
        """INSERT INTO call_backs (call_ref, home_id, asked_at)
           SELECT 'x-' || n, %s, %s FROM generate_series(1, %s) AS n""",
        (other.home, MORNING, AN_AGENCY),
    )
    assert claim_call_back(conn, "a-1", home.home, now=MORNING) is None


@pytest.mark.parametrize(
    "number", ["+33899123456", "+33812345678", "+447700900123", "+2125551234567", "+331234"]
)
def test_a_number_that_costs_more_is_never_rung(conn: db.Conn, home: MadeHome, number: str) -> None:
    switch(conn, is_on=True)
    conn.execute("DELETE FROM home_lines")
    assert find_line_to_ring(conn, home.home) is None
    add_line(conn, home.home, number)
    assert claim_call_back(conn, "a-1", home.home, now=MORNING) is None


def test_the_call_back_lends_its_grade_to_the_call_that_it_proves_and_to_no_other(
    conn: db.Conn, organisation: OrganisationId, home: MadeHome
) -> None:
    worker = make_worker(conn, organisation, make_area(conn))
    make_visit(conn, home, worker.id, starts_at=MORNING)
    set_minimum(conn, ACTOR, None, Proof.B, since=MORNING.date(), now=MORNING)

    def punch(reference: str, where: Where, minutes: int = 0) -> None:
        at = MORNING + timedelta(minutes=minutes)
        claim = Claim(organisation, Channel.PHONE, reference, at, where, SignedInWorker(worker.id))
        record(conn, [claim], core_instance="a", now=at)

    def weak() -> list[str]:
        day = timedelta(days=1)
        rows = list_journal(conn, since=MORNING - day, until=MORNING + day, below_minimum_only=True)
        return [row.proof for row in rows]

    punch("first", HomeCode(home.home_code))
    punch("leaving", HomeCode(home.home_code), 50)
    assert weak() == ["C", "C"]
    punch("call-back", Line(home.line))
    assert weak() == ["C"]
