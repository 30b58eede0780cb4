"""The telephone: real calls through SIPp and Asterisk, and the logic of a call alone beside a forked script.

The core listens on a port of its own, and a relay that times every turn on the one that the dialplan calls.
"""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from math import nan
from statistics import median, quantiles

from docker.rootfs.ports import choose_port
from homecare.punches.model import Edge
from simulators.handset.crowd import CrowdReport, Manner, place_calls
from tests.bench import calls
from tests.bench.arm import Arm, Line, Target, compare, run_in_turns
from tests.bench.morning import CALLED, Morning, gather
from tests.bench.part import Measured, Scene
from tests.bench.relay import Delays, listening
from tests.supervised import running_supervisor

BARGE_IN = Manner(think=0.9, cut=2.6)
"""Keys before the greeting ends, and cuts the confirmation short: about five seconds a call."""
HEARD_OUT = Manner(think=2.2, gap=0.25)
"""Lets the greeting end (1.9 s), then keys, then listens to the last word."""
CALLS_A_SECOND, AT_ONCE, COMMAND_MS = 80, 400, 20
HEARD_A_SECOND, HEARD_SECONDS = 5, 15
SLOWER = (60, 50, 40, 30, 20)
"""Rates that are tried once the wanted one has failed."""
LOAD_SECONDS, HEARD_FOR_SECONDS = 20, 8
EAGERNESS = 1.03
"""So much more than the wanted rate is asked of SIPp: no lack of callers is measured."""


def measure(scene: Scene) -> Measured:
    """Measure the logic alone on the scene's core, and real calls on a system of their own."""
    measured = logic_alone(scene)
    with answering(round(CALLS_A_SECOND * EAGERNESS * LOAD_SECONDS)) as (morning, delays):
        return Measured([*measured.lines, *load(morning, delays), *heard_out(morning)], measured.samples)


def logic_alone(scene: Scene) -> Measured:
    """A peer without media talks with the core, or with a script that is started for each call."""
    core, people = scene.core, scene.people
    ours = Arm(f"appels sans le son, {len(people)} à la fois", partial(calls.per_second, core, people))
    forked = Arm("un AGI en Python lancé par appel", partial(calls.forked_per_second, core, people))
    samples = run_in_turns([forked, ours], rounds=scene.rounds, seconds=scene.seconds)
    return Measured(compare(samples, [Target(ours.name, forked.name, 100)], unit="appels/s"), samples)


@contextmanager
def answering(callers: int) -> Iterator[tuple[Morning, Delays]]:
    """Run Asterisk and a core, the relay between them, for an agency with so many callers."""
    own = {"PONCTUEL_FASTAGI_PORT": str(choose_port(set()))}
    servers = ("--only", "postgresql,mosquitto,asterisk", "--programs", "realtime")
    with running_supervisor(*servers, environment=own) as core:
        dialled = json.loads((core.state / "secrets.json").read_text())["ports"]["fastagi"]
        address = core.settings.fastagi_host, core.settings.fastagi_port
        with listening(dialled, address) as delays:
            yield gather(core, callers), delays


def load(morning: Morning, delays: Delays) -> list[Line]:
    """Have workers arrive who all barge in, at the wanted rate; more slowly if that is too much."""
    what = "appels réels, paroles coupées"
    report, punches = arrive(morning, delays, per_second=CALLS_A_SECOND)
    lines = [
        Line(f"{what} : réussis / passés", report.ended_well, report.placed, "appels", 1),
        Line(f"{what} : pointages / passés", punches, report.placed, "pointages", 1),
        Line(f"{what} : à la seconde", report.per_second, CALLS_A_SECOND, "/s", 1),
        Line(f"{what} : en même temps", report.at_once, AT_ONCE, "appels", 1),
        Line(f"{what} : durée médiane", _median(report.seconds), AT_ONCE / CALLS_A_SECOND, "s"),
        *_commands(f"à {CALLS_A_SECOND} appels/s", delays),
    ]
    if report.failed or punches != report.placed:
        lines += _highest(morning, delays)
    return lines


def _commands(at: str, delays: Delays) -> list[Line]:
    """Return the lines of one command, from what Asterisk said to ours, and from ours to its answer."""
    return [
        Line(f"commande FastAGI {at}, p99 {whose}", _p99_ms(turns), COMMAND_MS, "ms", most=COMMAND_MS)
        for whose, turns in (("du noyau", delays.ours), ("d’Asterisk", delays.theirs))
    ]


def _highest(morning: Morning, delays: Delays) -> list[Line]:
    """Return the highest of the slower rates at which no call fails and each is a punch."""
    for rate in SLOWER:
        report, punches = arrive(morning, delays, per_second=rate)
        if not report.failed and punches == report.placed:
            return [
                Line("plus haut débit sans un échec, un pointage par appel", rate, CALLS_A_SECOND, "/s"),
                *_commands(f"à {rate} appels/s", delays),
            ]
    return [Line("plus haut débit sans un échec, un pointage par appel", 0, CALLS_A_SECOND, "/s")]


def arrive(
    morning: Morning, delays: Delays, *, per_second: float, seconds: float = LOAD_SECONDS
) -> tuple[CrowdReport, int]:
    """Have workers arrive who all barge in; return how it went and the arrivals that were stored."""
    delays.forget()
    return call_in(morning, Edge.ARRIVAL, BARGE_IN, per_second=per_second * EAGERNESS, seconds=seconds)


def heard_out(morning: Morning, *, seconds: float = HEARD_FOR_SECONDS) -> list[Line]:
    """Have workers arrive, then leave, who key one entry and hear everything out."""
    lines = []
    for edge, word in ((Edge.ARRIVAL, "arrivée"), (Edge.DEPARTURE, "départ")):
        report, punches = call_in(morning, edge, HEARD_OUT, per_second=HEARD_A_SECOND, seconds=seconds)
        what = f"appels écoutés jusqu’au bout, {word}"
        lines += [
            Line(f"{what} : pointages / passés", punches, report.placed, "pointages", 1),
            Line(f"{what} : durée médiane", _median(report.seconds), HEARD_SECONDS, "s", most=HEARD_SECONDS),
        ]
    return lines


def call_in(
    morning: Morning, edge: Edge, manner: Manner, *, per_second: float, seconds: float
) -> tuple[CrowdReport, int]:
    """Have the first of the morning's workers call, each once; return how it went and the stored punches."""
    morning.begin_visits(minutes_ago=40 if edge is Edge.DEPARTURE else None)
    before, settings = morning.punches(edge), morning.core.settings
    callers = morning.callers[: round(per_second * seconds)]
    switch = settings.sip_host, settings.sip_port
    report = place_calls(CALLED, callers, manner, switch=switch, per_second=per_second)
    return report, morning.punches(edge) - before


def _median(seconds: Sequence[float]) -> float:
    """Return the median; not a number, which reaches nothing, when not one call ended well."""
    return median(seconds or (nan,))


def _p99_ms(seconds: list[float]) -> float:
    return quantiles(seconds or [nan, nan], n=100)[-1] * 1000
