"""The one place of the core that knows paho: its network thread hands messages to the reactor.

MQTT 5, manual acknowledgement. The client id is the user's name, as the broker sees to for everyone: whoever
took a core's would throw it out; two cores are two users. The session ends with its connection: a dead core
with a lasting session would go on receiving its share of the punches. Reconnects by itself for ever. It never
looks into a payload.

Devices send with quality of service 1. What the core answers is sent once (0): a device that missed its
answer sends its punch again and is answered again, whereas a broker that had to keep every answer until it
was delivered would write each to its disk, twice.
"""

import socket
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import structlog
from paho.mqtt.client import Client, ConnectFlags, DisconnectFlags, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode
from paho.mqtt.subscribeoptions import SubscribeOptions
from twisted.internet.defer import Deferred
from twisted.internet.interfaces import IReactorFromThreads
from twisted.internet.threads import deferToThread

log = structlog.get_logger()

QOS, ANSWER_QOS = 1, 0
KEEPALIVE_SECONDS = 30
SHORTEST_RETRY_SECONDS, LONGEST_RETRY_SECONDS = 1, 15


@dataclass(frozen=True, slots=True, kw_only=True)
class Broker:
    """Where the broker listens, and who we are there."""

    host: str
    port: int
    user: str
    password: str
    max_inflight: int = 1000


@dataclass(frozen=True, slots=True)
class Delivery:
    """A message, and what the broker has to be told to be rid of it."""

    topic: str
    payload: bytes
    message_id: int
    connection: int


class BrokerClient:
    """A connection that outlives the broker's restarts. Its methods are called from the reactor's thread."""

    def __init__(
        self,
        broker: Broker,
        *,
        topics: Sequence[str],
        on_message: Callable[[Delivery], None],
        reactor: IReactorFromThreads,
    ) -> None:
        """Subscribe to `topics` at each connection; `on_message` is called in the reactor's thread."""
        self._broker = broker
        self._topics = topics
        self._on_message = on_message
        self._reactor = reactor
        self._connections = 0
        self._arrived: list[Delivery] = []
        self._arriving = threading.Lock()
        self._paho = self._build()

    @property
    def connected(self) -> bool:
        """Whether the broker answers at present."""
        return self._paho.is_connected()

    def start(self) -> None:
        """Begin to connect, and go on trying."""
        properties = Properties(PacketTypes.CONNECT)
        properties.SessionExpiryInterval = 0
        properties.ReceiveMaximum = self._broker.max_inflight
        self._paho.connect_async(
            self._broker.host,
            self._broker.port,
            keepalive=KEEPALIVE_SECONDS,
            clean_start=True,
            properties=properties,
        )
        self._paho.loop_start()

    def stop(self) -> Deferred[Any]:
        """Disconnect; fires when the network thread has ended."""
        self._paho.disconnect()
        return deferToThread(self._paho.loop_stop)

    def publish(self, topic: str, payload: bytes) -> None:
        """Send once; without a connection, not at all."""
        self._paho.publish(topic, payload, qos=ANSWER_QOS)

    def acknowledge(self, delivery: Delivery) -> None:
        """Tell the broker that this message is dealt with.

        Message ids begin anew at each connection: one of an earlier connection names another message now.
        """
        if delivery.connection == self._connections:
            self._paho.ack(delivery.message_id, QOS)

    def _build(self) -> Client:
        paho = Client(
            CallbackAPIVersion.VERSION2,
            client_id=self._broker.user,
            protocol=MQTTProtocolVersion.MQTTv5,
            manual_ack=True,
        )
        paho.username_pw_set(self._broker.user, self._broker.password)
        paho.max_inflight_messages_set(self._broker.max_inflight)
        paho.reconnect_delay_set(SHORTEST_RETRY_SECONDS, LONGEST_RETRY_SECONDS)
        paho.on_connect = self._connected
        paho.on_disconnect = self._disconnected
        paho.on_message = self._received
        paho.on_socket_open = send_at_once
        return paho

    def _hand_over(self) -> None:
        with self._arriving:
            arrived, self._arrived = self._arrived, []
        for delivery in arrived:
            self._on_message(delivery)

    # From here on: paho's network thread.

    def _connected(
        self,
        paho: Client,
        _data: Any,
        _flags: ConnectFlags,
        reason: ReasonCode,
        _properties: Properties | None,
    ) -> None:
        if reason.is_failure:
            log.error("mqtt.refused", reason=str(reason))
            return
        self._connections += 1
        paho.subscribe([(topic, SubscribeOptions(qos=QOS)) for topic in self._topics])
        log.info("mqtt.connected", connection=self._connections)

    def _disconnected(
        self,
        _paho: Client,
        _data: Any,
        _flags: DisconnectFlags,
        reason: ReasonCode,
        _properties: Properties | None,
    ) -> None:
        log.info("mqtt.disconnected", reason=str(reason))

    def _received(self, _paho: Client, _data: Any, message: MQTTMessage) -> None:
        delivery = Delivery(message.topic, bytes(message.payload), message.mid, self._connections)
        with self._arriving:  # what arrives before the reactor comes to it is handed over together
            is_first = not self._arrived
            self._arrived.append(delivery)
        if is_first:
            self._reactor.callFromThread(self._hand_over)


def send_at_once(_paho: Client, _data: Any, connection: Any) -> None:
    """Send each packet when it is written: small packets that wait for each other cost 40 ms a hop."""
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
