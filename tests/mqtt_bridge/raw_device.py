"""Somebody with a device's password who publishes whatever they like."""

import json
import queue
import threading
from typing import Any

from paho.mqtt.client import Client, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion


class RawDevice:
    """A bare connection. `answers` are the (topic, payload) that came in."""

    def __init__(self, device: str, password: str, port: int, *, listen: str) -> None:
        self.answers: queue.SimpleQueue[tuple[str, dict[str, object]]] = queue.SimpleQueue()
        self.disconnected = threading.Event()
        self._acknowledged: queue.SimpleQueue[str] = queue.SimpleQueue()
        subscribed = threading.Event()
        self._paho = Client(CallbackAPIVersion.VERSION2, protocol=MQTTProtocolVersion.MQTTv5)
        self._paho.username_pw_set(device, password)
        self._paho.on_subscribe = lambda *_: subscribed.set()
        self._paho.on_disconnect = lambda *_: self.disconnected.set()
        self._paho.on_message = self._take
        self._paho.on_publish = lambda _c, _d, _m, reason, _p: self._acknowledged.put(str(reason))
        self._paho.connect("127.0.0.1", port)
        self._paho.subscribe(listen, qos=1)
        self._paho.loop_start()
        assert subscribed.wait(10)

    def publish(self, topic: str, payload: bytes) -> str:
        """Return what the broker says to it."""
        self._paho.publish(topic, payload, qos=1)
        return self._acknowledged.get(timeout=10)

    def publish_blindly(self, topic: str, payload: bytes) -> None:
        """Publish without waiting for the broker."""
        self._paho.publish(topic, payload, qos=1)

    def answer(self) -> dict[str, object]:
        """Return the next answer of the core."""
        return self.answers.get(timeout=10)[1]

    def close(self) -> None:
        self._paho.disconnect()
        self._paho.loop_stop()

    def _take(self, _paho: Client, _data: Any, message: MQTTMessage) -> None:
        self.answers.put((message.topic, json.loads(message.payload)))
