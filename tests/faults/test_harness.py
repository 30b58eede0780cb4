"""The harness finds planted bugs, and nothing in the product itself."""

import os
from collections.abc import Iterator
from dataclasses import replace

import pytest

from simulators.faults.report import Report
from simulators.faults.running import Options, run
from simulators.faults.servers import Servers
from tests.faults.planted.hasty import HastyBox
from tests.supervised import running_supervisor

SEED = 7
KINDS = {
    "both cores killed",
    "broker killed",
    "broker link harmed",
    "clocks skewed",
    "connection's process killed",
    "core killed",
    "database away",
    "database killed",
    "database link harmed",
    "deliveries reordered",
    "deliveries replayed",
    "forgeries",
    "front killed",
    "gateway killed",
    "homes' link harmed",
}
if os.geteuid() == 0:  # only root may mount the small disk that is filled
    KINDS.add("spool's disk full")
_PLANTED = Options(seed=SEED, seconds=20.0, faults=2, pause=0.2, patience=2.0, only=("both cores killed",))


@pytest.fixture(scope="module")
def servers() -> Iterator[Servers]:
    names = "postgresql,mosquitto,asterisk,nginx"
    with running_supervisor("--only", names, "--programs", "worker", "--cores", "2") as running:
        yield Servers(running.state, running=True)


def harm(servers: Servers, options: Options) -> Report:
    return run(servers, options, say=lambda _: None)


def test_the_product_survives_one_fault_of_each_kind(servers: Servers) -> None:
    report = harm(servers, Options(seed=SEED, seconds=300.0, faults=len(KINDS), pause=0.1))
    assert report.is_good, report.as_text()
    assert set(report.survived) == KINDS
    assert report.verdict.acknowledged > 100


def test_a_core_that_acknowledges_before_its_commit_is_seen_to_lose_punches(servers: Servers) -> None:
    bad = replace(_PLANTED, core=("tests.faults.planted.early",))
    report = harm(servers, bad)
    assert report.verdict.lost, report.as_text()
    assert not report.is_good


def test_a_core_without_a_unique_key_is_seen_to_store_punches_twice(servers: Servers) -> None:
    bad = replace(
        _PLANTED, core=("tests.faults.planted.keyless",), only=("deliveries replayed",), seconds=3.0
    )
    report = harm(servers, bad)
    assert report.verdict.duplicated, report.as_text()
    assert not report.is_good


def test_a_box_without_the_cores_acknowledgement_is_seen_to_lose_punches(servers: Servers) -> None:
    report = harm(servers, replace(_PLANTED, make_box=HastyBox))
    assert any(name.startswith("box ") for name in report.verdict.lost), report.as_text()
    assert not report.is_good
