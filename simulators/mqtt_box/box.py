"""The box: keeps each punch, publishes it, publishes it again until the core has answered."""

import json
import math
import socket
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

from paho.mqtt.client import Client, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

from simulators.mqtt_box.memory import Memory

FIRST_RESEND_SECONDS, LONGEST_RESEND_SECONDS = 1.0, 30.0
SESSION_SECONDS = 24 * 3600


@dataclass(frozen=True, slots=True)
class Answer:
    """The core's final word on a punch, and when it came (seconds of `time.monotonic`)."""

    status: str
    reason: str | None
    at: float


class Box:
    """One device. `punch` may be called from any thread, whether it is connected or not."""

    def __init__(
        self,
        device: str,
        *,
        organisation: str,
        password: str,
        memory: Path,
        on_answer: Callable[[str, Answer], None] = lambda _ref, _answer: None,
    ) -> None:
        """Take up what a previous life of this box left in `memory`.

        `on_answer` is told the first answer to each ref, in another thread.
        """
        self._on_answer = on_answer
        self._topic = f"ponctuel/v1/{organisation}/{device}"
        self._change = threading.Condition()
        self._memory = Memory(memory)
        self._due = dict.fromkeys(self._memory.waiting, 0.0)
        self._sent: dict[str, int] = {}
        self._running = False
        self.answers: dict[str, Answer] = {}
        self._paho = Client(
            CallbackAPIVersion.VERSION2, client_id=device, protocol=MQTTProtocolVersion.MQTTv5
        )
        self._paho.username_pw_set(device, password)
        self._paho.reconnect_delay_set(1, 10)
        self._paho.will_set(f"{self._topic}/status", '{"status":"offline"}', qos=1, retain=True)
        self._paho.on_connect = self._connected
        self._paho.on_message = self._answered
        self._paho.on_socket_open = send_at_once
        self._sender = threading.Thread(target=self._send_for_ever, name=device, daemon=True)

    @property
    def waiting(self) -> int:
        """How many punches the core has not answered."""
        with self._change:
            return len(self._memory.waiting)

    def start(self, host: str, port: int) -> None:
        """Plug the box in."""
        session = Properties(PacketTypes.CONNECT)
        session.SessionExpiryInterval = SESSION_SECONDS
        self._paho.connect_async(host, port, keepalive=20, clean_start=False, properties=session)
        self._paho.loop_start()
        self._running = True
        self._sender.start()

    def stop(self) -> None:
        """Pull the plug, politely. What waits stays in the memory."""
        with self._change:
            self._running = False
            self._change.notify_all()
        if self._sender.ident is not None:
            self._sender.join()
        if self._paho.is_connected():
            self._paho.publish(f"{self._topic}/status", '{"status":"offline"}', qos=1, retain=True)
        self._paho.disconnect()
        self._paho.loop_stop()
        self._memory.close()

    def punch(self, *, at: datetime, badge: str, edge: str | None = None, ref: str | None = None) -> str:
        """Take a badge at this real instant; `edge` is `arrival` or `departure`. Return its ref."""
        ref = ref or uuid4().hex
        fields = {"v": 1, "ref": ref, "at": at.isoformat(), "tag": None, "badge": badge, "edge": edge}
        with self._change:
            self._memory.put(ref, json.dumps(fields))
            self._due[ref] = 0.0
            self._change.notify_all()
        return ref

    def wait_until_answered(self, *, timeout: float) -> bool:
        """Wait until nothing waits any more. Return False when `timeout` seconds have passed first."""
        with self._change:
            return self._change.wait_for(lambda: not self._memory.waiting, timeout)

    def _send_for_ever(self) -> None:
        while self._running:
            for payload in self._take_due():  # outside the lock, which paho's thread takes too
                self._paho.publish(f"{self._topic}/punch", payload, qos=1)
            with self._change:
                soonest = min(self._due.values(), default=math.inf) - time.monotonic()
                self._change.wait(min(1.0, max(0.0, soonest)) if self._paho.is_connected() else 1.0)

    def _take_due(self) -> list[str]:
        now = time.monotonic()
        with self._change:
            due = [ref for ref, at in self._due.items() if at <= now] if self._paho.is_connected() else []
            for ref in due:
                self._sent[ref] = sent = self._sent.get(ref, 0) + 1
                self._due[ref] = now + min(LONGEST_RESEND_SECONDS, FIRST_RESEND_SECONDS * 2 ** (sent - 1))
            return [self._memory.waiting[ref] for ref in due]

    def _connected(
        self, paho: Client, _data: Any, _flags: Any, reason: ReasonCode, _properties: Properties | None
    ) -> None:
        if reason.is_failure:
            return
        paho.subscribe(f"{self._topic}/ack", qos=1)
        paho.publish(f"{self._topic}/status", '{"status":"online"}', qos=1, retain=True)
        with self._change:
            self._due = dict.fromkeys(self._due, 0.0)
            self._sent.clear()
            self._change.notify_all()

    def _answered(self, _paho: Client, _data: Any, message: MQTTMessage) -> None:
        said = json.loads(message.payload)
        ref, answer = said["ref"], Answer(said["status"], said["reason"], time.monotonic())
        with self._change:
            self._memory.drop(ref)
            self._due.pop(ref, None)
            self._sent.pop(ref, None)
            is_first = self.answers.setdefault(ref, answer) is answer
            self._change.notify_all()
        if is_first:
            self._on_answer(ref, answer)


def send_at_once(_paho: Client, _data: Any, connection: Any) -> None:
    """Send each packet when it is written: small packets that wait for each other cost 40 ms a hop."""
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
