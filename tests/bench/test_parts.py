"""A short run of the parts that no other test runs: what they print, and that every arm left its rows."""

from collections.abc import Iterator

import pytest

from docker.rootfs.programs import SECOND_CORE
from tests.bench import checkins, drain
from tests.bench.agency import settle_in
from tests.bench.arm import Line
from tests.bench.part import Scene
from tests.supervised import running_supervisor


@pytest.fixture(scope="module")
def scene() -> Iterator[Scene]:
    with running_supervisor(
        "--only", "postgresql,mosquitto", "--programs", "realtime", "--cores", "2"
    ) as core:
        core.command(f"stop {SECOND_CORE}")
        organisation, people = settle_in(core, workers=4, visits=8)
        yield Scene(core, organisation, people, rounds=1, seconds=0.5)


def test_check_ins_are_measured_beside_flask_and_every_arm_stored_what_it_answered(scene: Scene) -> None:
    measured = checkins.measure(scene)
    faster, delay = measured.lines
    assert (faster.wanted, delay.most) == (3, 50)
    assert all(line.ours > 0 and line.baseline > 0 for line in measured.lines)
    assert all(len(samples) == 1 for samples in measured.samples.values())


def test_spools_drain_into_one_core_two_cores_and_a_bare_counter(scene: Scene) -> None:
    measured = drain.measure(scene, waiting=400)
    assert [line.wanted for line in measured.lines] == [0.5, 1]
    assert set(measured.samples) == {drain.ONE, drain.TWO, drain.BARE}
    parts = scene.core.command("status")["parts"]
    assert isinstance(parts, dict)
    assert parts[SECOND_CORE]["state"] == "stopped", "one core is left for what is measured next"


def test_a_limit_is_kept_or_missed_whatever_the_baseline_did() -> None:
    line = Line("délai", ours=49.0, baseline=1000.0, unit="ms", most=50)
    assert (line.aim, line.reached) == ("≤ 50", True)
    assert Line("délai", ours=51.0, baseline=1.0, unit="ms", most=50).reached is False
