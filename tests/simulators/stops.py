"""Stops, gestures and rows for the tests of the day's player."""

from datetime import UTC, datetime, timedelta

from homecare.kernel.clock import Pace
from homecare.kernel.ids import HomeId, PunchId, VisitId, WorkerId
from homecare.punches.model import Edge
from homecare.punches.queries import JournalRow
from simulators.day.ledger import Sent
from simulators.day.model import Gesture, Stop, Way

EIGHT = datetime(2026, 11, 24, 7, 0, tzinfo=UTC)
PACE = Pace(datetime(2026, 1, 1, tzinfo=UTC), EIGHT, 60.0)


def make_stop(
    visit: int = 1,
    *,
    worker: int = 1,
    home: int | None = None,
    starts_at: datetime = EIGHT,
    minutes: int = 30,
    first: int = 8,
    second: int = 13,
    line: str | None = "+33536490001",
    tag: str | None = "tag",
    device: str | None = None,
) -> Stop:
    return Stop(
        visit=VisitId(visit),
        worker=WorkerId(worker),
        home=HomeId(visit if home is None else home),
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=minutes),
        first_due=starts_at + timedelta(minutes=first),
        second_due=starts_at + timedelta(minutes=second),
        home_code="123455",
        qr_token="qr",
        line=line,
        tag=tag,
        device=device,
        mobile="+33639980001",
    )


def make_gesture(stop: Stop, *, way: Way = Way.APP, edge: Edge = Edge.ARRIVAL, number: int = 1) -> Gesture:
    return Gesture(number, stop, way, edge, stop.starts_at)


def make_sent(gesture: Gesture, *, reference: str | None = "1/key", answer: str | None = "stored") -> Sent:
    real = PACE.real(gesture.at).timestamp()
    return Sent(gesture, real, real, answer, reference)


def make_row(
    gesture: Gesture, *, reference: str = "1/key", punch: int = 1, later: timedelta = timedelta(0)
) -> JournalRow:
    return JournalRow(
        id=PunchId(punch),
        channel=gesture.way.channel.value,
        source_ref=reference,
        punched_at=gesture.at + later,
        received_at=gesture.at + later,
        home_id=gesture.stop.home,
        worker_id=gesture.stop.worker,
        edge=gesture.edge.value,
        visit_id=gesture.stop.visit,
        doubt=None,
    )
