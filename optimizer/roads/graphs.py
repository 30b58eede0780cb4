"""Build the OSRM road graph of one mode of travel from an OpenStreetMap extract.

Runs the graph builder and the profiles of the `osrm-bindings` wheel as child processes.
It never loads a graph: that is `optimizer.osrm_engine`.
"""

import shutil
import subprocess
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from optimizer.modes import Mode
from optimizer.roads.stamp import digest_file, is_current, write_stamp

GRAPH_NAME = "graph.osrm"
_PROFILES = {Mode.CAR: "car.lua", Mode.BIKE: "bicycle.lua", Mode.FOOT: "foot.lua"}
# What the extractor leaves for other algorithms than contraction hierarchies; the engine never opens it.
_LEFTOVERS = (".cnbg", ".cnbg_to_ebg", ".ebg", ".enw", ".restrictions", ".turn_penalties_index")


class RoadsNotBuiltError(RuntimeError):
    """The extract cannot be made into a graph: not an OSM file, or no road of that mode in it."""


def build_graph(pbf: Path, out: Path, *, mode: Mode, threads: int = 2) -> bool:
    """Build `out/<mode>/` from the extract; return False when it was already built from the same bytes.

    The former graph stays in place until the new one is complete.
    Raises RoadsNotBuiltError with the builder's last words.
    """
    package = _find_package()
    profile = package / "share" / "profiles" / _PROFILES[mode]
    inputs = {"pbf": digest_file(pbf), "profile": digest_file(profile), "osrm": version("osrm-bindings")}
    folder = out / mode.value
    if is_current(folder / "stamp.json", inputs=inputs):
        return False
    work = out / f".{mode.value}.building"
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    graph = work / GRAPH_NAME
    limit = ["--threads", str(threads)]
    _run(package / "bin" / "osrm-extract", "-p", profile, "-o", graph, *limit, pbf)
    _run(package / "bin" / "osrm-contract", *limit, graph)
    for leftover in _LEFTOVERS:
        (work / (GRAPH_NAME + leftover)).unlink(missing_ok=True)
    write_stamp(work / "stamp.json", inputs=inputs)
    shutil.rmtree(folder, ignore_errors=True)
    work.rename(folder)
    return True


def _find_package() -> Path:
    spec = find_spec("osrm")
    if spec is None or spec.origin is None:
        raise RoadsNotBuiltError("the package osrm-bindings is not installed")
    return Path(spec.origin).parent


def _run(program: Path, *arguments: str | Path) -> None:
    done = subprocess.run(  # noqa: S603 - the wheel's own program, arguments as a list
        [program, *arguments], capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        last_words = (done.stderr.strip() or done.stdout.strip()).splitlines()[-5:]
        raise RoadsNotBuiltError(f"{program.name}: " + " / ".join(last_words))
