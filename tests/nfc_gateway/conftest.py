"""The broker and the core of the bridge's tests, and a gateway beside a simulated reader."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.mqtt_bridge.conftest import broker, core
from tests.nfc_gateway.running import RunningGateway
from tests.supervised import Supervised

__all__ = ["broker", "core", "gateway"]


@pytest.fixture
def gateway(broker: Supervised, tmp_path: Path) -> Iterator[RunningGateway]:
    running = RunningGateway(broker, tmp_path)
    try:
        yield running
    finally:
        if running.process is not None:
            running.kill()
