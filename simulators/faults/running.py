"""One run: everything is started, broken for a while, made whole, compared."""

import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass, replace
from pathlib import Path

from simulators.faults.agency import Agency, found_agency
from simulators.faults.checking import compare, read_conflicts, read_dead_letters, read_rows
from simulators.faults.journal import Journal
from simulators.faults.kinds import Faults
from simulators.faults.load import Load
from simulators.faults.programs import NoEffectError, NotBackError
from simulators.faults.report import Report
from simulators.faults.rig import CORE, Rig
from simulators.faults.servers import Servers
from simulators.faults.sources.reader import Lays
from simulators.faults.strangers import Strangers
from simulators.mqtt_box.box import Box

_WARM_UP_SECONDS = 1.0
_MOST_TAGS = 100_000


@dataclass(frozen=True, slots=True)
class Options:
    """How long, and what. The run ends with `seconds` or with `faults`, whichever comes first.

    `only`: the kinds of fault to choose from, all of them when empty; otherwise each comes once before
    chance chooses. `patience`: seconds for the last answers of each kind. `core` and `make_box` are where
    tests plant bugs.
    """

    seed: int
    seconds: float
    faults: int | None = None
    pause: float = 1.0
    patience: float = 60.0
    only: Sequence[str] = ()
    core: Sequence[str] = CORE
    make_box: Callable[..., Box] = Box


def run(servers: Servers, options: Options, *, say: Callable[[str], None]) -> Report:
    """Break everything for a while and reckon it up."""
    tag = time.time_ns() // 1_000_000 % _MOST_TAGS
    with ExitStack() as held:
        folder = Path(held.enter_context(_folder()))
        agency = found_agency(servers.settings, tag=tag, password_of=servers.device_password)
        journal = held.enter_context(closing(Journal(folder)))
        lays = Lays(agency, journal, log=folder / "gateway.log", seed=options.seed, every=2.0)
        with Rig(servers, agency, folder=folder, reader_port=lays.port, core=options.core) as rig:
            report = _break(rig, agency, journal, lays, options, folder=folder, tag=tag, say=say)
            for core in rig.cores:
                core.program.stop()
            dead = read_dead_letters(
                [core.disk.folder / "spool" / f"{core.name}.sqlite3" for core in rig.cores]
            )
    return replace(report, verdict=replace(report.verdict, waiting=[*report.verdict.waiting, *dead]))


def _folder() -> tempfile.TemporaryDirectory[str]:
    return tempfile.TemporaryDirectory(prefix="ponctuel-faults-", ignore_cleanup_errors=True)


def _break(
    rig: Rig,
    agency: Agency,
    journal: Journal,
    lays: Lays,
    options: Options,
    *,
    folder: Path,
    tag: int,
    say: Callable[[str], None],
) -> Report:
    survived: Counter[str] = Counter()
    without_effect: Counter[str] = Counter()
    broken: list[str] = []
    load = Load(
        rig,
        agency,
        journal,
        lays,
        folder=folder,
        seed=options.seed,
        tag=tag,
        patience=options.patience,
        make_box=options.make_box,
    )
    with load:
        faults = Faults(
            rig, load, journal, Strangers(rig, agency, journal, load.phones, load.callers), seed=options.seed
        )
        kinds = faults.kinds()
        names = list(options.only) or sorted(kinds)
        started = time.monotonic()
        time.sleep(_WARM_UP_SECONDS)
        ahead = faults.shuffle(names)
        while time.monotonic() - started < options.seconds and survived.total() < (options.faults or 10**9):
            kind = ahead.pop() if ahead else faults.choose(names)
            time.sleep(faults.pause(options.pause))
            try:
                shown = kinds[kind]()
            except NoEffectError as error:
                without_effect[kind] += 1
                if kind not in survived and not options.only:
                    ahead.insert(0, kind)
                say(f"{kind}: without effect, {error}")
            except (NotBackError, OSError) as error:
                broken.append(f"{kind}: {error}")
                say(f"{kind}: NOT BACK, {error}")
            else:
                survived[kind] += 1
                say(f"{time.monotonic() - started:6.1f} s  {kind}: {shown}")
        seconds = time.monotonic() - started
        say("no more faults; waiting for the last answers")
        waiting = load.finish()
    verdict = compare(journal, read_rows(agency), read_conflicts(agency), waiting)
    return Report(
        options.seed,
        seconds,
        survived,
        without_effect,
        broken,
        faults.figures,
        len(journal.intents),
        verdict,
    )
