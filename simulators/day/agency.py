"""The running system as the player knows it: its database, its clock, its planner. Demonstrations only."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime

import psycopg

from homecare.access.line_checks import list_line_states
from homecare.alerts.operations import arm
from homecare.kernel import db
from homecare.kernel.audit import ByUser
from homecare.kernel.calendar import paris_day
from homecare.kernel.clock import Clock, Pace, read_pace, write_pace
from homecare.kernel.ids import OrganisationId, UserId
from homecare.kernel.settings import Settings
from homecare.visits.queries import list_day
from simulators.seed.days import abandon_day, find_day_to_play, is_planned, make_week, plan_day
from simulators.seed.keepsakes import Keepsakes

STOPPED = 0.01
"""The slowest clock there is: what is stopped does not become late overnight."""


@dataclass(frozen=True, slots=True)
class Agency:
    """One organisation on one running system."""

    settings: Settings
    keepsakes: Keepsakes

    @property
    def organisation(self) -> OrganisationId:
        """The tenant."""
        return OrganisationId(self.keepsakes.organisation)

    @contextmanager
    def transaction(self) -> Iterator[db.Conn]:
        """Open a transaction that serves the agency, in a connection of its own."""
        with psycopg.connect(self.settings.database_url) as conn:
            db.use_organisation(conn, self.organisation)
            yield conn

    def called_numbers(self) -> frozenset[str]:
        """Return the numbers that workers call."""
        with self.transaction() as conn:
            return frozenset(state.number for state in list_line_states(conn))

    def now(self) -> datetime:
        """Return the agency's present instant."""
        with self.transaction() as conn:
            return Clock(pace=read_pace(conn)).now()

    def set_clock(self, shown: datetime, *, speed: float) -> Pace:
        """Let the agency's clock show this instant now, and go on at this speed."""
        pace = Pace(datetime.now(UTC), shown, speed)
        with self.transaction() as conn:
            write_pace(conn, pace)
        return pace

    def choose_day(self, today: date) -> date:
        """Return the first working day from today on that nobody has played yet."""
        with self.transaction() as conn:
            return find_day_to_play(conn, today)

    def prepare_day(
        self, day: date, *, opens_at: datetime, seconds: int, seed: int, say: Callable[[str], None]
    ) -> None:
        """Stop the clock at `opens_at`, see that the day's rounds are planned, published and watched.

        Planning takes `seconds` for each area. Raises `PlanningError`.
        """
        planner = ByUser(UserId(self.keepsakes.planner))
        with self.transaction() as conn:
            before = paris_day(Clock(pace=read_pace(conn)).now())
            if before != day and is_planned(conn, before):
                left = abandon_day(conn, planner, before, now=opens_at)
                say(f"journée du {before:%d/%m/%Y} abandonnée : {left} interventions annulées")
            make_week(conn, day)
            write_pace(conn, Pace(datetime.now(UTC), opens_at, STOPPED))
            planned = is_planned(conn, day)
        if not planned:
            plan_day(
                self.transaction,
                day,
                organisation=self.organisation,
                planner=planner,
                seconds=seconds,
                seed=seed,
                now=opens_at,
                say=say,
            )
        with self.transaction() as conn:
            published = [visit.id for visit in list_day(conn, day) if visit.published_at is not None]
            arm(conn, published, now=opens_at)
