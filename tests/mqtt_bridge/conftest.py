"""A broker for the folder's tests, and a core that listens to it."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from simulators.mqtt_box.box import Box
from tests.mqtt_bridge.raw_device import RawDevice
from tests.mqtt_bridge.running import RunningCore
from tests.supervised import Supervised, running_supervisor


@pytest.fixture(scope="session")
def broker() -> Iterator[Supervised]:
    """A Mosquitto of our own: these tests kill it."""
    with running_supervisor("--only", "mosquitto") as running:
        yield running


@pytest.fixture
def core(broker: Supervised, tmp_path: Path) -> Iterator[RunningCore]:
    running = RunningCore(broker, tmp_path)
    try:
        yield running
    finally:
        while running.processes:
            running.kill()


@pytest.fixture
def box(broker: Supervised, tmp_path: Path) -> Iterator[Box]:
    device = "box-0001"
    password = broker.device_password(device)
    plugged = Box(device, organisation="1", password=password, memory=tmp_path / "box.journal")
    plugged.start("127.0.0.1", broker.settings.mqtt_port)
    try:
        yield plugged
    finally:
        plugged.stop()


@pytest.fixture
def raw_device(broker: Supervised) -> Iterator[Callable[..., RawDevice]]:
    """Connect under any name, with whatever password the test gives."""
    connected: list[RawDevice] = []

    def connect(device: str, *, listen: str = "ponctuel/v1/+/+/ack") -> RawDevice:
        connected.append(
            RawDevice(device, broker.device_password(device), broker.settings.mqtt_port, listen=listen)
        )
        return connected[-1]

    yield connect
    for device in connected:
        device.close()
