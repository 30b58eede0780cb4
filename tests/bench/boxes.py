"""Boxes at homes: MQTT, each waiting for the core's own acknowledgement of one punch before the next."""

import json
import threading
import time
import uuid
from typing import Any

from paho.mqtt.client import Client, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion

from homecare.kernel.ids import OrganisationId
from tests.bench.agency import Person
from tests.supervised import Supervised


class _Box:
    def __init__(self, core: Supervised, organisation: OrganisationId, person: Person) -> None:
        self._person = person
        self._topic = f"ponctuel/v1/{organisation}/{person.device}"
        self._answered = threading.Event()
        self._stored = 0
        self._client = Client(
            CallbackAPIVersion.VERSION2, client_id=person.device, protocol=MQTTProtocolVersion.MQTTv5
        )
        self._client.username_pw_set(person.device, person.device_password)
        self._client.on_message = self._take
        self._client.connect(core.settings.mqtt_host, core.settings.mqtt_port)
        self._client.subscribe(f"{self._topic}/ack", qos=1)
        self._client.loop_start()

    def punch_until(self, until: float) -> None:
        while time.monotonic() < until:
            self._answered.clear()
            at = next(self._person.times).isoformat()
            punch = {
                "v": 1,
                "ref": uuid.uuid4().hex,
                "at": at,
                "tag": None,
                "badge": self._person.badge,
                "edge": None,
            }
            self._client.publish(f"{self._topic}/punch", json.dumps(punch), qos=1)
            if not self._answered.wait(timeout=30):
                raise RuntimeError("no acknowledgement after 30 s")

    def close(self) -> int:
        self._client.disconnect()
        self._client.loop_stop()
        return self._stored

    def _take(self, _client: Client, _data: Any, message: MQTTMessage) -> None:
        if json.loads(message.payload)["status"] == "stored":
            self._stored += 1
        self._answered.set()


def per_second(core: Supervised, organisation: OrganisationId, people: list[Person], seconds: float) -> float:
    """Return how many punches a second the core acknowledged as stored."""
    boxes = [_Box(core, organisation, person) for person in people]
    began = time.monotonic()
    threads = [threading.Thread(target=box.punch_until, args=(began + seconds,)) for box in boxes]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    passed = time.monotonic() - began
    return sum(box.close() for box in boxes) / passed
