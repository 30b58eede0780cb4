"""Plays one day on the running system from beginning to end, and reckons it up."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from datetime import time as wall_time
from functools import partial

from homecare.alerts.queries import list_alerts
from homecare.kernel.calendar import day_bounds, paris_instant
from homecare.kernel.clock import Pace
from homecare.punches.queries import list_journal
from simulators.day.agency import STOPPED, Agency
from simulators.day.cast import Cast
from simulators.day.cut import Cut, perform_cut
from simulators.day.facts import read_stops
from simulators.day.ledger import Ledger
from simulators.day.model import Outage, Script
from simulators.day.playing import Player, run_beside
from simulators.day.progress import tell_progress
from simulators.day.reckoning import (
    board_delays,
    count_alerts,
    count_channels,
    find_rows,
    first_known,
    kept_arrivals,
)
from simulators.day.report import Report
from simulators.day.script import Period, write_script
from simulators.day.tempo import Tempo
from simulators.day.turn import take_turn

_BEFORE = timedelta(hours=1)
_CURTAIN_SECONDS = 3.0
_SETTLE_SECONDS = 60.0
_POLL_SECONDS = 0.25


@dataclass(frozen=True, slots=True)
class Options:
    """What to play. `planning_seconds`: for each area, when the day has no rounds yet.

    `gives_way`: somebody by hand may take over. `resumes_at`: the day was played until then.
    """

    speed: float
    since: wall_time
    until: wall_time
    seed: int
    day: date
    cut: Cut | None = None
    gives_way: bool = False
    planning_seconds: int = 8
    resumes_at: datetime | None = None
    progress_seconds: float = 10.0

    @property
    def period(self) -> Period:
        """The visits to play."""
        since = self.resumes_at or paris_instant(self.day, self.since)
        return Period(since, paris_instant(self.day, self.until), resumes=self.resumes_at is not None)


@dataclass(frozen=True, slots=True)
class _Played:
    """What is left of a day once it is over."""

    script: Script
    pace: Pace
    ended_at: datetime
    latest: float


def prepare_day(agency: Agency, options: Options, *, say: Callable[[str], None]) -> None:
    """Stop the clock before the first visit and see that the day's rounds are planned, published, watched.

    `play_day` does it too; done twice it changes nothing. Raises `PlanningError`.
    """
    agency.prepare_day(
        options.day,
        opens_at=options.resumes_at or options.period.since - _BEFORE,
        seconds=options.planning_seconds,
        seed=options.seed,
        say=say,
    )


def play_day(
    agency: Agency,
    options: Options,
    *,
    say: Callable[[str], None],
    over: threading.Event,
    on_first_punch: Callable[[], None] = lambda: None,
) -> Report:
    """Play until the end, or until `over` is set or somebody else wants the turn.

    `on_first_punch` is called once the board has shown one. Raises `BusyError` when somebody else plays,
    `PlanningError` when the day cannot be planned.
    """
    tempo = Tempo(options.speed)
    outage = None if options.cut is None else options.cut.outage(options.day, tempo)
    with take_turn(agency.settings.state_dir, gives_way=options.gives_way) as turn:
        prepare_day(agency, options, say=say)
        cast = Cast(agency, Ledger(), on_first_punch=on_first_punch)
        with agency.transaction() as conn:
            stops = read_stops(conn, options.day, agency.keepsakes.devices, resumes_at=options.resumes_at)
        script = write_script(
            stops, options.period, tempo=tempo, seed=options.seed, ways=cast.ways, outage=outage
        )
        say(f"{len(script.parts)} interventions, {len(script.gestures)} pointages à jouer")

        def is_over() -> bool:
            return over.is_set() or turn.is_wanted

        played = _play(agency, options, script, cast, say=say, is_over=is_over, over=over)
        report = _reckon(agency, options, cast, played, outage)
        agency.set_clock(agency.now(), speed=STOPPED)
        return report


def _play(
    agency: Agency,
    options: Options,
    script: Script,
    cast: Cast,
    *,
    say: Callable[[str], None],
    is_over: Callable[[], bool],
    over: threading.Event,
) -> _Played:
    tempo = Tempo(options.speed)
    first = min((gesture.at for gesture in script.gestures), default=options.period.since)
    try:
        cast.enter(script)
        pace = agency.set_clock(first - tempo.shown(_CURTAIN_SECONDS), speed=options.speed)
        player = Player(
            cast.callers,
            cast.hands,
            pace=pace,
            stop=is_over,
            progress=tell_progress(cast, script, say),
            every=options.progress_seconds,
        )
        player.play(script, _beside(agency, options, script, cast, say=say, over=over))
        while pace.at(datetime.now(UTC)) < options.period.until and not is_over():
            time.sleep(_POLL_SECONDS)
    finally:
        cast.leave(within=_SETTLE_SECONDS)
    ended_at = min(options.period.until, pace.at(datetime.now(UTC)))
    return _Played(script.only(player.begun, until=ended_at), pace, ended_at, player.latest)


def _beside(
    agency: Agency,
    options: Options,
    script: Script,
    cast: Cast,
    *,
    say: Callable[[str], None],
    over: threading.Event,
) -> list[tuple[datetime, Callable[[], None]]]:
    """Return what happens beside the gestures: telephones find the network again, a server goes and comes."""
    events: list[tuple[datetime, Callable[[], None]]] = [
        (part.online_at, partial(cast.phones.find_network, part.stop.worker))
        for part in script.parts
        if part.online_at is not None
    ]
    cut = options.cut
    if cut is not None:
        begins_at = cut.outage(options.day, Tempo(options.speed)).begins_at
        state = agency.settings.state_dir
        events.append((begins_at, run_beside(lambda: perform_cut(cut, state, say=say, over=over))))
    return events


def _reckon(agency: Agency, options: Options, cast: Cast, played: _Played, outage: Outage | None) -> Report:
    tempo, pace = Tempo(options.speed), played.pace
    since, until = day_bounds(options.day)
    with agency.transaction() as conn:
        journal = list_journal(conn, since=since, until=until)
        alerts = [alert for alert in list_alerts(conn, since=since) if alert.raised_at <= played.ended_at]
    found = find_rows(cast.ledger.sent, journal, pace=pace, tempo=tempo)
    heard = cast.listener.heard
    return Report(
        settings={
            "day": options.day.isoformat(),
            "speed": options.speed,
            "from": f"{options.since:%H:%M}",
            "to": f"{options.until:%H:%M}",
            "seed": options.seed,
            "cut": None if outage is None else {"part": outage.server, "at": outage.begins_at.isoformat()},
        },
        visits=len(played.script.parts),
        channels=count_channels(found, pace=pace, tempo=tempo),
        alerts=count_alerts(
            played.script,
            alerts,
            first_known(found, pace=pace),
            until=played.ended_at,
            tempo=tempo,
            outage=outage,
            kept=kept_arrivals(found),
        ),
        board_ms=board_delays(found, heard),
        unseen=sum(row is not None and ("punch", row.id) not in heard for _, row in found.rows),
        failures=[f"{gesture.way} {gesture.edge} : {reason}" for gesture, reason in cast.ledger.failed],
        latest_gesture_ms=played.latest * 1000,
    )
