"""Ringing back a missed call, with Asterisk's side and the clock in the test's hands."""

from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
from twisted.internet.defer import Deferred, maybeDeferred, succeed
from twisted.internet.task import Clock as ReactorClock

from homecare.access.call_lines import add_call_line
from homecare.clients.operations import set_line_without_keys
from homecare.kernel import db
from homecare.kernel.clock import Clock
from homecare.kernel.ids import OrganisationId
from homecare.punches.missed_calls import GIVEN_UP, end_missed_call, list_lost_missed_calls
from realtime.missed_calls import BETWEEN_LOOKS_SECONDS, BETWEEN_RINGS_SECONDS, RELEASE_SECONDS, MissedCalls
from telephony.ami import Health, OutgoingCall
from telephony.model import Ring
from tests.builders import ACTOR, MORNING, make_area, make_client, make_visit, make_worker

NUMBER = "+33805000001"


@dataclass
class OneConnection:
    """The door to the database, in the test's own thread and transaction."""

    conn: db.Conn

    def run[T](
        self, work: Callable[[db.Conn], T], _organisation: OrganisationId | None = None
    ) -> Deferred[T]:
        return maybeDeferred(work, self.conn)


@dataclass
class Exchange:
    """Asterisk as the core supervises it."""

    up: bool = True
    live_calls: tuple[()] = ()
    placed: list[OutgoingCall] = field(default_factory=list)

    @property
    def health(self) -> Health:
        return Health(self.up, 0)

    def place(self, call: OutgoingCall) -> Deferred[None]:
        self.placed.append(call)
        return succeed(None)


@dataclass
class Bench:
    conn: db.Conn
    organisation: OrganisationId
    exchange: Exchange
    reactor: ReactorClock
    missed_calls: MissedCalls
    line: str

    def miss(self) -> None:
        ring = Ring("missed-1", NUMBER, self.line, MORNING)
        taken = Deferred.fromCoroutine(self.missed_calls.take(ring))
        assert taken.called
        assert taken.result is None

    def rings(self) -> object:
        return db.value(self.conn, int, "SELECT rings FROM missed_calls")


@pytest.fixture
def bench(conn: db.Conn, organisation: OrganisationId) -> Bench:
    area = make_area(conn)
    home, worker = make_client(conn, area), make_worker(conn, organisation, area)
    add_call_line(conn, NUMBER, label="Appel manqué", rings_only=True)
    set_line_without_keys(conn, ACTOR, home.home, home.line, without_keys=True, now=MORNING)
    make_visit(conn, home, worker.id, starts_at=MORNING)
    exchange, reactor = Exchange(), ReactorClock()
    calls = MissedCalls(
        OneConnection(conn),  # type: ignore[arg-type]
        asterisk=lambda: exchange,  # type: ignore[arg-type, return-value]
        is_settled=lambda: True,
        clock=Clock(lambda: MORNING),
        reactor=reactor,
    )
    return Bench(conn, organisation, exchange, reactor, calls, home.line)


def test_a_line_is_rung_a_moment_after_it_is_free(bench: Bench) -> None:
    bench.miss()
    assert bench.exchange.placed == []
    bench.reactor.advance(RELEASE_SECONDS)
    assert len(bench.exchange.placed) == bench.rings() == 1


def test_while_asterisk_is_away_no_ring_is_used_up(bench: Bench) -> None:
    bench.exchange.up = False
    bench.miss()
    bench.reactor.pump([RELEASE_SECONDS] + [BETWEEN_RINGS_SECONDS] * 5)
    assert bench.exchange.placed == []
    assert bench.rings() == 0
    bench.exchange.up = True
    bench.reactor.advance(BETWEEN_RINGS_SECONDS)
    assert len(bench.exchange.placed) == bench.rings() == 1


def test_a_missed_call_that_was_given_up_meanwhile_is_not_rung(bench: Bench) -> None:
    bench.exchange.up = False
    bench.miss()
    bench.reactor.advance(RELEASE_SECONDS)
    (missed,) = list_lost_missed_calls(bench.conn, now=MORNING + 2 * GIVEN_UP)
    end_missed_call(bench.conn, bench.organisation, missed, answered_as=None, now=MORNING)
    bench.exchange.up = True
    bench.reactor.advance(BETWEEN_LOOKS_SECONDS)
    assert bench.exchange.placed == []
