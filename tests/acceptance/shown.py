"""An agency whose clock the test sets, and pages that show it in a real browser."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from http import HTTPStatus

from playwright.sync_api import Page, Playwright

from homecare.access.model import Role
from homecare.access.operations import open_session
from homecare.alerts.operations import arm
from homecare.kernel import db
from homecare.kernel.calendar import paris_instant
from homecare.kernel.clock import Pace, write_pace
from homecare.kernel.ids import UserId, VisitId
from homecare.punches.model import Channel, Claim, Edge, Home, SignedInWorker
from homecare.punches.operations import record
from tests.builders import MadeHome, MadeWorker, make_client, make_user, make_visit, make_worker
from tests.product import DAY, open_page
from tests.realtime.agency import Agency
from tests.realtime.browser import check_in, post_punch

STOPPED = 0.01


def at(hour: int, minute: int = 0) -> datetime:
    """Return an instant of the day shown, by its time in Paris."""
    return paris_instant(DAY, time(hour, minute))


@dataclass(frozen=True, slots=True)
class Planned:
    """A published visit at a home of its own."""

    visit: VisitId
    home: MadeHome
    worker: MadeWorker | None
    starts: datetime
    ends: datetime


@dataclass(frozen=True, slots=True)
class ShownAgency:
    """An agency whose day is `DAY`."""

    agency: Agency

    def set_clock(self, shown: datetime, *, speed: float = STOPPED) -> None:
        """Let every program's clock show this instant now and go on at this speed."""
        with self.agency.connect() as conn:
            write_pace(conn, Pace(datetime.now(UTC), shown, speed))

    def now(self) -> datetime:
        """Return what the agency's clock shows."""
        return self.agency.now()

    def hire(self, last_name: str) -> MadeWorker:
        """Add a worker, who has a lane of their own."""
        with self.agency.connect() as conn:
            return make_worker(conn, self.agency.organisation, self.agency.area, last_name=last_name)

    def plan(self, worker: MadeWorker | None, starts: datetime, ends: datetime, client: str) -> Planned:
        """Plan and publish a visit at a new client's, whose lateness is watched from now on."""
        now = self.now()
        with self.agency.connect() as conn:
            home = make_client(conn, self.agency.area, last_name=client)
            minutes = (ends - starts) // timedelta(minutes=1)
            visit = make_visit(
                conn, home, None if worker is None else worker.id, starts_at=starts, minutes=minutes
            )
            arm(conn, [visit], now=now)
        return Planned(visit, home, worker, starts, ends)

    def punch(self, planned: Planned, edge: Edge, at: datetime) -> None:
        """Record that the worker of a visit punched there at this instant."""
        assert planned.worker is not None
        claim = Claim(
            organisation=self.agency.organisation,
            channel=Channel.APP,
            source_ref=f"{planned.visit}-{edge}",
            punched_at=at,
            where=Home(planned.home.home),
            who=SignedInWorker(planned.worker.id),
            edge=edge,
        )
        with self.agency.connect() as conn:
            record(conn, [claim], core_instance="test", now=at)

    def check_in(self, planned: Planned) -> None:
        """Scan the code of a visit's home now, with the telephone of its worker, who has an account."""
        assert planned.worker is not None
        now = self.now()
        with self.agency.connect() as conn:
            user = db.value(conn, UserId, "SELECT user_id FROM workers WHERE id = %s", (planned.worker.id,))
            assert user is not None
            session = open_session(conn, user, now=now)
        message = check_in(qr=planned.home.qr_token)
        assert post_punch(self.agency.settings, message, session=session).status == HTTPStatus.CREATED

    def make_user(self, role: Role, *, name: str) -> UserId:
        """Add an account over every area."""
        with self.agency.connect() as conn:
            return make_user(conn, role=role, name=name)

    @contextmanager
    def signed_in(
        self, playwright: Playwright, user: UserId, *, width: int = 1600, height: int = 1000
    ) -> Iterator[Page]:
        """Open a page as this person, whose session begins at the time shown."""
        with self.agency.connect() as conn:
            session = open_session(conn, user, now=self.now())
        with open_page(playwright, self.agency, session, width=width, height=height) as page:
            yield page
