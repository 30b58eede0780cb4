"""Command line: `python -m simulators.day --speed 60 --from 07:00 --to 13:00 --report day.json`."""

import json
import signal
import sys
import threading
from datetime import date, time
from pathlib import Path

import psycopg

from docker.commands import Arguments, between, in_words, speed
from docker.rootfs.control import SOCKET
from homecare.kernel.clock import paris_day, system_now
from simulators.day.agency import Agency
from simulators.day.cut import read_cut
from simulators.day.running import Options, play_day
from simulators.day.turn import BusyError
from simulators.seed.days import PlanningError
from simulators.seed.keepsakes import LostKeepsakesError, read_keepsakes
from simulators.seed.settings import read_settings_for


def main(arguments: list[str] | None = None) -> int:
    """Return 0 when nothing was lost, nothing doubled and every alert was right."""
    parser = _parser()
    options = parser.parse_args(arguments)
    if options.since >= options.until:
        parser.error("--from doit précéder --to")
    over = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: over.set())
    settings = read_settings_for(parser)
    if options.cut is not None and not (settings.state_dir / SOCKET).exists():
        parser.error("--cut demande des serveurs lancés par docker.rootfs")
    try:
        agency = Agency(settings, read_keepsakes(settings.state_dir))
        chosen = Options(
            speed=options.speed,
            since=options.since,
            until=options.until,
            seed=options.seed,
            day=options.day or agency.choose_day(paris_day(system_now())),
            cut=options.cut,
            planning_seconds=options.planning_seconds,
        )
        report = play_day(agency, chosen, say=_say, over=over)
    except psycopg.OperationalError:
        print("La base ne répond pas.", file=sys.stderr)
        return 2
    except (BusyError, PlanningError, LostKeepsakesError) as refusal:
        print(refusal, file=sys.stderr)
        return 2
    except OSError as trouble:
        print(in_words(trouble), file=sys.stderr)
        return 2
    if options.report is not None:
        options.report.write_text(json.dumps(report.as_json(), ensure_ascii=False, indent=1) + "\n")
    print(report.as_text())
    return 0 if report.is_good else 1


def _parser() -> Arguments:
    parser = Arguments(prog="python -m simulators.day", description=__doc__)
    parser.add_argument("--speed", type=speed, default=60.0, help="shown seconds in a real one, 1 to 120")
    parser.add_argument(
        "--from", dest="since", type=time.fromisoformat, default=time(7), help="HH:MM, wall time"
    )
    parser.add_argument(
        "--to", dest="until", type=time.fromisoformat, default=time(13), help="HH:MM, wall time"
    )
    parser.add_argument("--seed", type=int, default=1, help="the same seed gives the same script")
    parser.add_argument("--day", type=date.fromisoformat, help="by default the next day that nobody played")
    parser.add_argument("--cut", type=read_cut, metavar="database:08:10:60s", help="take a server away")
    parser.add_argument("--report", type=Path, metavar="FILE.json", help="write the result there")
    parser.add_argument(
        "--planning-seconds", type=between(1, 600), default=8, help="for each area, without rounds yet"
    )
    return parser


def _say(line: str) -> None:
    print(line, flush=True)


if __name__ == "__main__":
    sys.exit(main())
