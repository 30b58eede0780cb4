"""Punches a second per channel, WORKERS at once, beside single-row commits on as many connections."""

from functools import partial

from tests.bench import boxes, calls, checkins, raw
from tests.bench.agency import WORKERS
from tests.bench.arm import Arm, Target, compare, run_in_turns
from tests.bench.part import Measured, Scene


def measure(scene: Scene) -> Measured:
    """Measure each channel as its devices use it: each waits for its answer before the next punch."""
    core, people = scene.core, scene.people
    raw.prepare(core)
    baseline = Arm(
        f"limite brute : {WORKERS} connexions, une ligne par COMMIT",
        partial(raw.commits_per_second, core, connections=WORKERS),
    )
    arms = [
        Arm("téléphone (FastAGI, sans le son)", partial(calls.per_second, core, people)),
        Arm("boîtiers (MQTT)", partial(boxes.per_second, core, scene.organisation, people)),
        Arm("téléphones mobiles (HTTP)", partial(checkins.per_second, core, people)),
    ]
    samples = run_in_turns([baseline, *arms], rounds=scene.rounds, seconds=scene.seconds)
    return Measured(compare(samples, [Target(arm.name, baseline.name) for arm in arms]), samples)
