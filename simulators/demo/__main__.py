"""Command line of the demonstration."""

import argparse
import sys
import threading
from datetime import time
from pathlib import Path

import psycopg

from docker.commands import Arguments, between, host_or_none, in_words, port, speed
from homecare.kernel.calendar import PARIS
from homecare.kernel.settings import Settings
from simulators.day.agency import STOPPED, Agency
from simulators.day.running import Options, play_day, prepare_day
from simulators.day.turn import BusyError
from simulators.demo.opening import choose_day, open_agency
from simulators.demo.operators import operators
from simulators.demo.phases import Phases
from simulators.demo.stopping import Stop
from simulators.demo.system import NotStartedError, System
from simulators.seed.days import PlanningError
from simulators.seed.drawing import ADMINISTRATOR, ON_CALL, PLANNER
from simulators.seed.keepsakes import PASSWORD, LostKeepsakesError
from simulators.seed.making import SeedError


def main(arguments: list[str] | None = None) -> int:
    """Run until Ctrl-C. Returns 1 when something could not be started, planned or made."""
    parser = _parser()
    options = parser.parse_args(arguments)
    if options.since >= options.until:
        parser.error("--from doit précéder --to")
    stop = Stop()
    phases = Phases(_say, started=options.started)
    try:
        with System(options.state, front_port=options.front_port, lan=options.lan) as system:
            with phases.phase("serveurs et programmes"):
                settings = system.wait_until_ready(stop.over)
            system.watch(stop.over)
            if settings is not None:
                with stop.breaking_off():
                    agency = _make(settings, options, phases)
                    day = _prepare(agency, options, phases)
                with operators(settings, system.env_file, agency.called_numbers()):
                    _play(agency, day, phases, stop.over)
                    stop.over.wait()
                if system.runs:
                    agency.set_clock(agency.now(), speed=STOPPED)
    except KeyboardInterrupt:
        _say("Arrêté avant que la journée ne commence : rien n’a été joué.")
    except psycopg.OperationalError:
        print("La base ne répond plus : la démonstration s’arrête.", file=sys.stderr)
        return 1
    except (NotStartedError, SeedError, LostKeepsakesError, PlanningError, BusyError) as refusal:
        print(refusal, file=sys.stderr)
        return 1
    except OSError as trouble:
        print(in_words(trouble), file=sys.stderr)
        return 1
    return 0


def _make(settings: Settings, options: argparse.Namespace, phases: Phases) -> Agency:
    with phases.phase("agence d’exemple"):
        return Agency(settings, open_agency(settings, seed=options.seed, say=_say))


def _prepare(agency: Agency, options: argparse.Namespace, phases: Phases) -> Options:
    chosen = choose_day(
        agency,
        speed=options.speed,
        since=options.since,
        until=options.until,
        seed=options.seed,
        planning_seconds=options.planning_seconds,
    )
    _say(_invitation(agency.settings, options.speed))
    if chosen.resumes_at is not None:
        _say(
            f"La journée du {chosen.day:%d/%m/%Y} reprend à {chosen.resumes_at.astimezone(PARIS):%H:%M} : "
            "qui aurait dû arriver entre-temps arrive maintenant, ses alertes restent."
        )
    with phases.phase("tournées du jour"):
        prepare_day(agency, chosen, say=_say)
    return chosen


def _play(agency: Agency, day: Options, phases: Phases, over: threading.Event) -> None:
    report = play_day(agency, day, say=_say, over=over, on_first_punch=lambda: _say(phases.table()))
    _say(report.as_text())
    if not over.is_set():
        _say("La journée est finie, ou quelqu’un la joue à la main. Tout reste ouvert jusqu’à Ctrl-C.")


def _invitation(settings: Settings, speed: float) -> str:
    return f"""
  À ouvrir dans un navigateur : {settings.front_url}
  Coordination : {ON_CALL}
  Planification : {PLANNER}
  Administration : {ADMINISTRATOR}
  Mot de passe de tous les comptes : {PASSWORD}
  Numéros, codes, étiquettes et comptes des intervenants : make describe
  La journée passe {speed:g} fois plus vite que la vraie. Ctrl-C arrête tout.
"""


def _parser() -> Arguments:
    parser = Arguments(prog="python -m simulators.demo", description=__doc__)
    parser.add_argument("--speed", type=speed, default=10.0, help="shown seconds in a real one, 1 to 120")
    parser.add_argument("--from", dest="since", type=time.fromisoformat, default=time(7), help="HH:MM")
    parser.add_argument("--to", dest="until", type=time.fromisoformat, default=time(21), help="HH:MM")
    parser.add_argument("--seed", type=int, default=1, help="the same seed gives the same agency and script")
    parser.add_argument("--state", type=Path, default=Path("var/demo"), help="folder of everything written")
    parser.add_argument("--front-port", type=port, help="preferred port of the browser's address")
    parser.add_argument(
        "--lan", nargs="?", const="", type=host_or_none, metavar="ADDRESS", help="serve the local network too"
    )
    parser.add_argument(
        "--planning-seconds", type=between(1, 600), default=5, help="of the optimiser, for each area"
    )
    parser.add_argument("--started", type=float, help="when set-up began (epoch seconds), to tell the whole")
    return parser


def _say(line: str) -> None:
    print(line, flush=True)


if __name__ == "__main__":
    sys.exit(main())
