"""Punches that wait in devices' spools, after a night without network: how soon all are acknowledged.

Ours is acknowledged after COMMIT, by one core and by two; the baseline is a bare paho thread in the core's
place that only counts. The same devices, punches and windows at the same broker; the seconds run from the
moment the devices begin to the last answer, or to the last message counted.
"""

import itertools
import json
import subprocess
import sys
import uuid
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from time import perf_counter

from docker.rootfs.programs import SECOND_CORE
from homecare.kernel.ids import OrganisationId
from mqtt_bridge.wire import Address, Punch, Subject, encode_punch
from nfc_gateway.courier import WINDOW
from tests.bench.agency import Person
from tests.bench.arm import Arm, Target, compare, run_in_turns
from tests.bench.counted import compare_rows, empty
from tests.bench.device_load import DeviceOrder, Order, write_order
from tests.bench.part import Measured, Scene
from tests.realtime.browser import health
from tests.supervised import Supervised, wait_until

WAITING = 30_000
FIRST_CORE = "realtime"
ONE, TWO = f"vidage de {WAITING} pointages, un noyau", f"vidage de {WAITING} pointages, deux noyaux"
BARE = "fil paho nu qui compte"
TARGETS = (Target(ONE, BARE, 0.5), Target(TWO, ONE, 1))


@dataclass(frozen=True, slots=True)
class _Room:
    core: Supervised
    organisation: OrganisationId
    people: list[Person]
    waiting: int


def measure(scene: Scene, *, waiting: int = WAITING) -> Measured:
    """Drain as many spools as there are people; `waiting` punches in all. Needs two cores, leaves one."""
    room = _Room(scene.core, scene.organisation, scene.people, waiting)
    arms = [
        Arm(ONE, partial(_drained, room, [FIRST_CORE])),
        Arm(TWO, partial(_drained, room, [FIRST_CORE, SECOND_CORE])),
        Arm(BARE, partial(_drained, room, [])),
    ]
    try:
        samples = run_in_turns(arms, rounds=scene.rounds, seconds=scene.seconds)
    finally:
        _run_only(scene.core, [FIRST_CORE])
    return Measured(compare(samples, TARGETS), samples)


def _drained(room: _Room, cores: list[str], _seconds: float) -> float:
    """Return how many a second these cores took; without any, how many the bare thread counted."""
    empty(room.core)
    with ExitStack() as stack:
        _run_only(room.core, cores)
        counter = None if cores else stack.enter_context(_counter(room))
        devices = stack.enter_context(_devices(room, by_core=bool(cores)))
        began = perf_counter()
        _say(devices, "go")
        stored = json.loads(_hear(devices))["stored"]
        if counter is not None:
            _hear(counter)
        passed = perf_counter() - began
    if cores and stored != room.waiting:
        raise RuntimeError(f"{stored} of {room.waiting} were answered as stored")
    compare_rows(room.core, stored)
    return room.waiting / passed


def _run_only(core: Supervised, cores: list[str]) -> None:
    """Run these cores and no other, and wait until devices reach them."""
    for name in (FIRST_CORE, SECOND_CORE):
        is_up = core.pid(name) is not None
        if is_up != (name in cores):
            core.command(f"{'stop' if is_up else 'start'} {name}")
    wait_until(lambda: all(_is_reached(core, name) for name in cores))


def _is_reached(core: Supervised, name: str) -> bool:
    told = core.command("cores")["cores"]
    assert isinstance(told, list)
    own = told[(FIRST_CORE, SECOND_CORE).index(name)]
    port = int(own.get("PONCTUEL_REALTIME_PORT", core.settings.realtime_port))
    try:
        return bool(health(core.settings.model_copy(update={"realtime_port": port}))["devices"])
    except OSError:
        return False


@contextmanager
def _devices(room: _Room, *, by_core: bool) -> "Iterator[subprocess.Popen[str]]":
    settings = room.core.settings
    order = Order(
        host=settings.mqtt_host,
        port=settings.mqtt_port,
        window=WINDOW,
        by_core=by_core,
        devices=[
            _device(room.organisation, person, room.waiting // len(room.people)) for person in room.people
        ],
    )
    with _process("tests.bench.device_load") as devices:
        _say(devices, write_order(order))
        _hear(devices)
        yield devices


def _device(organisation: OrganisationId, person: Person, waiting: int) -> DeviceOrder:
    address = Address(str(organisation), person.device)
    return DeviceOrder(
        person.device,
        person.device_password,
        punch_topic=address.topic(Subject.PUNCH),
        ack_topic=address.topic(Subject.ACK),
        punches=list(itertools.islice(_punches(person), waiting)),
    )


@contextmanager
def _counter(room: _Room) -> "Iterator[subprocess.Popen[str]]":
    settings = room.core.settings
    where = (settings.mqtt_host, str(settings.mqtt_port), str(room.waiting), settings.mqtt_user)
    with _process("tests.bench.counter", *where) as counter:
        _say(counter, settings.mqtt_password)
        _hear(counter)
        yield counter


def _punches(person: Person) -> Iterator[str]:
    for at in person.times:
        yield encode_punch(Punch(uuid.uuid4().hex, at, badge=person.badge)).decode()


@contextmanager
def _process(module: str, *arguments: str) -> "Iterator[subprocess.Popen[str]]":
    with subprocess.Popen(
        [sys.executable, "-m", module, *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def _say(process: "subprocess.Popen[str]", line: str) -> None:
    assert process.stdin is not None
    process.stdin.write(f"{line}\n")
    process.stdin.flush()


def _hear(process: "subprocess.Popen[str]") -> str:
    assert process.stdout is not None
    line = process.stdout.readline()
    if not line:
        raise RuntimeError(f"{process.args!r} ended with {process.wait()}")
    return line
