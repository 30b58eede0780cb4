"""Command line: `python -m simulators.faults --minutes 10 --seed 7`."""

import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

from docker.commands import Arguments, between
from simulators.faults.running import Options, run
from simulators.faults.servers import Servers

_LONGEST_MINUTES = 24 * 60


def main(arguments: list[str] | None = None) -> int:
    """Return 0 when nothing was lost, doubled, made up or forged, and everything came back."""
    parser = Arguments(prog="python -m simulators.faults", description=__doc__)
    parser.add_argument("--minutes", type=float, help="when to end; 10 unless --faults is given")
    parser.add_argument("--faults", type=between(1, 1_000_000), help="end after so many")
    parser.add_argument("--seed", type=int, default=1, help="the same seed gives the same order of faults")
    parser.add_argument("--state", type=Path, help="folder of a running `up --cores 2` without realtime")
    asked = parser.parse_args(arguments)
    longest = _LONGEST_MINUTES if asked.faults else 10.0
    options = Options(
        seed=asked.seed,
        seconds=60 * (longest if asked.minutes is None else asked.minutes),
        faults=asked.faults,
    )
    with ExitStack() as held:
        folder = asked.state or Path(held.enter_context(tempfile.TemporaryDirectory(prefix="ponctuel-")))
        servers = held.enter_context(Servers(folder, running=asked.state is not None))
        report = run(servers, options, say=_say)
    print(report.as_text())
    return 0 if report.is_good else 1


def _say(line: str) -> None:
    print(line, flush=True)


if __name__ == "__main__":
    sys.exit(main())
