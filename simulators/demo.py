"""Everything from one command: `make demo` runs `python -m simulators.demo` after set-up, roads and prompts.

Starts servers and programs, makes the sample agency in an empty database, plays its day, and tells the
address and the accounts. Ctrl-C stops it all. Each phase is told with its seconds.
"""

import argparse
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from datetime import time as wall_time
from pathlib import Path

from docker.rootfs.build import build_rootfs
from homecare.kernel.clock import paris_day, system_now
from homecare.kernel.settings import Settings
from homecare.punches.queries import count_punches
from simulators.day.agency import Agency
from simulators.day.running import Options, play_day
from simulators.day.turn import BusyError
from simulators.seed.days import PlanningError
from simulators.seed.describing import sign_ins
from simulators.seed.keepsakes import FILE, read_keepsakes
from simulators.seed.making import make_agency
from simulators.territory.addresses import read_addresses

STATE = Path("var/demo")
PROGRAMS = "realtime,worker,web"
SPEED = 10.0
FIRST, LAST = wall_time(7), wall_time(20)
_POLL_SECONDS = 0.2


class Phases:
    """Tells each phase with the seconds since the beginning; lines survive a terminal without colours."""

    def __init__(self) -> None:
        self._began = time.monotonic()

    def say(self, line: str) -> None:
        """Tell one line."""
        print(f"{time.monotonic() - self._began:6.1f} s  {line}", flush=True)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run until Ctrl-C. Returns 0, or the status of what did not start."""
    options = _read(arguments)
    phases = Phases()
    over = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: over.set())
    phases.say("serveurs : système de fichiers")
    build_rootfs()
    env_file = STATE / "env"
    system = _start(options, env_file)
    try:
        if not _wait_for(env_file, system, over):
            return 0 if over.is_set() else system.wait()
        settings = Settings(_env_file=env_file)  # type: ignore[call-arg]
        agency = _open_agency(settings, phases)
        _welcome(agency)
        threading.Thread(target=_tell_first_punch, args=(agency, phases, over), daemon=True).start()
        _play(agency, options, phases, over)
        phases.say("la journée est jouée ; l’agence reste ouverte, Ctrl-C arrête tout")
        while not over.wait(_POLL_SECONDS) and system.poll() is None:
            pass
    finally:
        phases.say("arrêt")
        system.send_signal(signal.SIGTERM)
        system.wait()
    return 0


def _read(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m simulators.demo", description=__doc__)
    parser.add_argument("--front-port", type=int, default=8080, help="port of the address to open, if free")
    parser.add_argument("--lan", action="store_true", help="serve the local network too, by HTTPS")
    parser.add_argument("--speed", type=float, default=SPEED, help="shown seconds in a real one, 1 to 120")
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args(arguments)


def _start(options: argparse.Namespace, env_file: Path) -> "subprocess.Popen[bytes]":
    """Start servers and programs in a session of their own: Ctrl-C reaches us, and we stop them in order."""
    command = [
        *("setpriv", "--pdeathsig", "TERM", "--", sys.executable, "-m", "docker.rootfs", "up", "--demo"),
        *("--state", str(STATE), "--env-file", str(env_file), "--programs", PROGRAMS),
        *("--front-port", str(options.front_port), *(["--lan"] if options.lan else [])),
    ]
    own = {key: value for key, value in os.environ.items() if not key.startswith("PONCTUEL_")}
    return subprocess.Popen(  # noqa: S603 - our own program
        command, env=own, stdin=subprocess.DEVNULL, start_new_session=True
    )


def _wait_for(env_file: Path, system: "subprocess.Popen[bytes]", over: threading.Event) -> bool:
    while not over.wait(_POLL_SECONDS):
        if system.poll() is not None:
            return False
        if env_file.exists():
            return True
    return False


def _open_agency(settings: Settings, phases: Phases) -> Agency:
    """Return the sample agency, made first where there is none."""
    if not (settings.state_dir / FILE).exists():
        phases.say("agence d’exemple")
        addresses = read_addresses(settings.roads_dir / "addresses.csv")
        make_agency(settings, addresses, seed=1, now=system_now(), say=phases.say)
    return Agency(settings, read_keepsakes(settings.state_dir))


def _welcome(agency: Agency) -> None:
    print(f"\n  Ouvrez {agency.settings.front_url}\n")
    with agency.transaction() as conn:
        for one in sign_ins(conn):
            print(f"    {one['role']:28} {one['email']:42} {one['password']}")
    print("\n  Pour composer, badger et scanner à la main : make describe\n", flush=True)


def _tell_first_punch(agency: Agency, phases: Phases, over: threading.Event) -> None:
    with agency.transaction() as conn:
        before = count_punches(conn)
    while not over.wait(_POLL_SECONDS):
        with agency.transaction() as conn:
            if count_punches(conn) > before:
                phases.say("premier pointage sur le tableau")
                return


def _play(agency: Agency, options: argparse.Namespace, phases: Phases, over: threading.Event) -> None:
    """Play the rest of a day, and the next one the next time; whoever plays by hand takes over."""
    day = agency.choose_day(paris_day(system_now()))
    phases.say(
        f"journée du {day:%d/%m/%Y}, de {FIRST:%H:%M} à {LAST:%H:%M}, {options.speed:g} fois plus vite"
    )
    chosen = Options(speed=options.speed, since=FIRST, until=LAST, seed=options.seed, day=day, gives_way=True)
    try:
        play_day(agency, chosen, say=phases.say, over=over)
    except (BusyError, PlanningError) as refusal:
        phases.say(str(refusal))


if __name__ == "__main__":
    sys.exit(main())
