"""The service that joins broker and core: each message is received, answered, then released at the broker.

It decides nothing: `reception` does. A message is released whatever happened to it, so that one that always
fails never holds up the next; what was not answered, the device sends again.
"""

from typing import Any, override

import structlog
from twisted.application.service import Service
from twisted.internet.defer import Deferred, DeferredList
from twisted.internet.interfaces import IReactorFromThreads

from homecare.kernel.errors import AdapterError
from mqtt_bridge import wire
from mqtt_bridge.client import Broker, BrokerClient, Delivery
from mqtt_bridge.reception import Core, receive_punch, receive_status

log = structlog.get_logger()


class MqttBridge(Service):
    """Takes the devices' punches and statuses for as long as it runs."""

    name = "mqtt"

    def __init__(self, broker: Broker, *, core: Core, reactor: IReactorFromThreads) -> None:
        """Join `broker` to `core`; nothing is connected before `startService`."""
        self._core = core
        self._client = BrokerClient(
            broker,
            topics=[wire.ALL_PUNCHES, wire.ALL_STATUSES],
            on_message=self._take,
            reactor=reactor,
        )
        self._pending: set[Deferred[None]] = set()

    @property
    def connected(self) -> bool:
        """Whether the broker answers at present."""
        return self._client.connected

    @override
    def startService(self) -> None:
        """Begin to connect."""
        super().startService()  # type: ignore[no-untyped-call]
        self._client.start()

    @override
    def stopService(self) -> Deferred[Any]:
        """Finish what was begun, so that what is committed is also answered, then disconnect."""
        super().stopService()  # type: ignore[no-untyped-call]
        return Deferred.fromCoroutine(self._stop())

    async def _stop(self) -> None:
        await DeferredList(list(self._pending))
        await self._client.stop()

    def _take(self, delivery: Delivery) -> None:
        if not self.running:
            return  # not released: the broker gives it to another core, or the device sends it again
        pending = Deferred.fromCoroutine(self._receive(delivery))
        self._pending.add(pending)
        pending.addBoth(self._done, pending)

    async def _receive(self, delivery: Delivery) -> None:
        try:
            await self._answer(delivery)
        except AdapterError as error:
            log.warning("mqtt.unanswered", topic=delivery.topic, error=str(error))
        except Exception:
            log.exception("mqtt.message_failed", topic=delivery.topic)
        finally:
            self._client.acknowledge(delivery)

    async def _answer(self, delivery: Delivery) -> None:
        try:
            address, subject = wire.read_topic(delivery.topic)
        except ValueError:  # written under a device's own name to an organisation that is none
            log.warning("mqtt.strange_topic", topic=delivery.topic)
            return
        if subject is wire.Subject.STATUS:
            await receive_status(self._core, address, delivery.payload)
            return
        answer = await receive_punch(self._core, address, delivery.payload)
        if answer is not None:
            self._client.publish(address.topic(wire.Subject.ACK), wire.encode_ack(answer))

    def _done(self, result: Any, pending: Deferred[None]) -> Any:
        self._pending.discard(pending)
        return result
