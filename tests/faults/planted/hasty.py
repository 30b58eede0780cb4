"""A box without application acknowledgement: it lets go of a punch as soon as the broker has it."""

import time

from simulators.mqtt_box.box import Answer, Box

_BROKER_SECONDS = 5.0


class HastyBox(Box):
    """Takes the broker's word for the core's."""

    def _send_for_ever(self) -> None:
        while self._running:
            with self._change:
                waiting = dict(self._memory.waiting) if self._paho.is_connected() else {}
            for ref, payload in waiting.items():
                sent = self._paho.publish(f"{self._topic}/punch", payload, qos=1)
                sent.wait_for_publish(_BROKER_SECONDS)
                if sent.is_published():
                    with self._change:
                        self._memory.drop(ref)
                    self._on_answer(ref, Answer("stored", None, time.monotonic()))
            time.sleep(0.05)
