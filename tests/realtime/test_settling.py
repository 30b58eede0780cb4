"""Lateness beside punches that are kept and not settled yet: no warning of workers who punched in time."""

from datetime import UTC, datetime, timedelta

from homecare.alerts.operations import set_rule
from homecare.kernel import db
from homecare.kernel.ids import PunchId, VisitId
from homecare.punches.model import Channel, Claim, Line, Nobody, WorkerCode
from homecare.punches.operations import SETTLED_AT_ONCE, record, settle_range
from homecare.punches.queries import is_settling
from tests.builders import ACTOR
from tests.realtime.agency import Agency
from tests.supervised import wait_until


def warn_at_once(agency: Agency) -> None:
    """Have an alert raised as soon as a visit should have begun."""
    with agency.connect() as conn:
        set_rule(conn, ACTOR, first_minutes=0, second_minutes=0, now=datetime.now(UTC))


def keep_many(agency: Agency) -> tuple[PunchId, PunchId]:
    """Record the worker's arrival in a batch that is left to a job; no worker program runs to do it."""
    now = datetime.now(UTC)
    arrival = Claim(
        organisation=agency.organisation,
        channel=Channel.PHONE,
        source_ref="arrival",
        punched_at=now,
        where=Line(agency.home.line),
        who=WorkerCode(agency.code_hash()),
    )
    others = [
        Claim(agency.organisation, Channel.PHONE, f"other-{number}", now, who=Nobody())
        for number in range(SETTLED_AT_ONCE)
    ]
    with agency.connect() as conn:
        kept = [
            one.punch
            for one in record(conn, [arrival, *others], core_instance="core-t", now=now)
            if one.punch is not None
        ]
    return min(kept), max(kept)


def warned(agency: Agency) -> list[VisitId]:
    with agency.connect() as conn:
        return db.values(conn, VisitId, "SELECT visit_id FROM alerts ORDER BY id")


def test_nobody_is_judged_late_whose_arrival_is_kept_and_waits_for_its_job(
    agency: Agency, stranger: Agency
) -> None:
    for each in (agency, stranger):
        warn_at_once(each)
    since, until = keep_many(agency)
    agency.plan_visit(minutes_from_now=1 / 60)
    late = stranger.plan_visit(minutes_from_now=1.5 / 60)
    wait_until(lambda: warned(stranger) == [late], seconds=10)
    assert warned(agency) == []

    with agency.connect() as conn:  # what the job does
        settle_range(conn, since, until, now=datetime.now(UTC))
        conn.execute("DELETE FROM procrastinate_jobs")
    missed = agency.plan_visit(minutes_from_now=1 / 60)
    wait_until(lambda: warned(agency) == [missed], seconds=10)


def test_a_batch_that_no_worker_settles_holds_the_alerts_up_for_a_while_only(agency: Agency) -> None:
    began = datetime.now(UTC)
    keep_many(agency)
    with agency.connect() as conn:
        assert is_settling(conn, agency.organisation, since=began - timedelta(minutes=1))
        assert not is_settling(conn, agency.organisation, since=began + timedelta(minutes=1))
