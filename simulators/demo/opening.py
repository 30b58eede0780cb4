"""Makes the sample agency where there is none, and chooses what is played."""

from collections.abc import Callable
from datetime import datetime
from datetime import time as wall_time

import psycopg

from homecare.access.queries import list_organisations
from homecare.kernel import db
from homecare.kernel.calendar import paris_day, paris_instant
from homecare.kernel.clock import Clock, Pace, read_pace, system_now
from homecare.kernel.settings import Settings
from simulators.day.agency import STOPPED, Agency
from simulators.day.running import Options
from simulators.demo.on_map import ANOTHER_MAP, OnMap
from simulators.seed.days import is_planned
from simulators.seed.keepsakes import Keepsakes, read_keepsakes
from simulators.seed.making import make_agency
from simulators.territory.addresses import read_addresses


def open_agency(settings: Settings, *, seed: int, say: Callable[[str], None]) -> Keepsakes:
    """Return the agency's keepsakes; make it first in an empty database.

    Raises `LostKeepsakesError` when the database has an agency whose keepsakes are gone, `SeedError` when
    none can be made.
    """
    with psycopg.connect(settings.database_url) as conn:
        is_empty = not list_organisations(conn)
    on_map = OnMap(settings.state_dir, settings.roads_dir / "addresses.csv")
    if is_empty:
        keepsakes = make_agency(
            settings, read_addresses(on_map.addresses), seed=seed, now=system_now(), say=say
        )
        on_map.remember()
        return keepsakes
    if on_map.is_another():
        say(ANOTHER_MAP)
    return read_keepsakes(settings.state_dir)


def choose_day(
    agency: Agency, *, speed: float, since: wall_time, until: wall_time, seed: int, planning_seconds: int
) -> Options:
    """Return what to play: the rest of a day that was stopped, else a fresh one from its morning on."""
    stopped_at = _find_stop(agency, until)
    day = agency.choose_day(paris_day(system_now())) if stopped_at is None else paris_day(stopped_at)
    return Options(
        speed=speed,
        since=since,
        until=until,
        seed=seed,
        day=day,
        gives_way=True,
        planning_seconds=planning_seconds,
        resumes_at=stopped_at,
        progress_seconds=60.0,
    )


def _where_it_stopped(conn: db.Conn, pace: Pace) -> datetime:
    """Return the instant at which the clock was stopped; where nobody could, that of the last punch."""
    shown = Clock(pace=pace).now()
    if pace.speed <= STOPPED:
        return shown
    last = db.value(conn, datetime, "SELECT max(received_at) FROM punches WHERE received_at <= %s", (shown,))
    return max(pace.origin_shown, last) if last is not None else pace.origin_shown


def _find_stop(agency: Agency, until: wall_time) -> datetime | None:
    """Return where the clock stands, if a planned day of today or later is under way there."""
    with agency.transaction() as conn:
        pace = read_pace(conn)
        if pace is None:
            return None
        shown = _where_it_stopped(conn, pace)
        day = paris_day(shown)
        under_way = day >= paris_day(system_now()) and is_planned(conn, day)
    return shown if under_way and shown < paris_instant(day, until) else None
