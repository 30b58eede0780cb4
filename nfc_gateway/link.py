"""The one place of the gateway that knows paho. Its callbacks run in paho's network thread.

The session outlives the connection, so that the broker goes on with it where it broke off; the last will says
`offline` for a device that is away. It keeps no punch: the spool does, and an answer that was missed comes
again when the punch is sent again.
"""

import socket
import ssl
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import structlog
from paho.mqtt.client import Client, ConnectFlags, DisconnectFlags, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode
from paho.mqtt.subscribeoptions import SubscribeOptions

from mqtt_bridge.wire import (
    OFFLINE,
    Ack,
    Address,
    DeviceStatus,
    Subject,
    WireError,
    decode_ack,
    encode_status,
)

log = structlog.get_logger()

QOS = 1
KEEPALIVE_SECONDS = 20
SESSION_SECONDS = 7 * 24 * 3600
INFLIGHT = 100
SHORTEST_RETRY_SECONDS, LONGEST_RETRY_SECONDS = 1, 30


class Link:
    """The device's connection to the broker; it comes back by itself for ever."""

    def __init__(self, address: Address, *, password: str, ca_file: Path | None) -> None:
        """`ca_file`: the authority that signed the broker's certificate; None is plain TCP, for loopback."""
        self._address = address
        self._paho = Client(
            CallbackAPIVersion.VERSION2, client_id=address.device, protocol=MQTTProtocolVersion.MQTTv5
        )
        self._paho.username_pw_set(address.device, password)
        self._paho.max_inflight_messages_set(INFLIGHT)
        self._paho.reconnect_delay_set(SHORTEST_RETRY_SECONDS, LONGEST_RETRY_SECONDS)
        self._paho.will_set(address.topic(Subject.STATUS), OFFLINE, qos=QOS, retain=True)
        if ca_file is not None:
            self._paho.tls_set_context(ssl.create_default_context(cafile=str(ca_file)))
        self._paho.on_disconnect = self._disconnected
        self._paho.on_publish = self._published
        self._paho.on_socket_open = send_at_once

    @property
    def connected(self) -> bool:
        """Whether the broker answers at present."""
        return self._paho.is_connected()

    def start(
        self, host: str, port: int, *, on_connected: Callable[[], None], on_ack: Callable[[Ack], None]
    ) -> None:
        """Begin to connect, and go on trying; both callables are called in paho's thread."""
        self._paho.on_connect = partial(self._connected, on_connected)
        self._paho.on_message = partial(self._received, on_ack)
        properties = Properties(PacketTypes.CONNECT)
        properties.SessionExpiryInterval = SESSION_SECONDS
        self._paho.connect_async(
            host, port, keepalive=KEEPALIVE_SECONDS, clean_start=False, properties=properties
        )
        self._paho.loop_start()

    def stop(self) -> None:
        """Say `offline` and disconnect."""
        if self.connected:
            self._paho.publish(self._address.topic(Subject.STATUS), OFFLINE, qos=QOS, retain=True)
        self._paho.disconnect()
        self._paho.loop_stop()

    def send_punch(self, payload: bytes) -> None:
        """Publish one punch. Whether it arrived, only an `Ack` tells."""
        self._paho.publish(self._address.topic(Subject.PUNCH), payload, qos=QOS)

    def send_status(self, status: DeviceStatus) -> None:
        """Publish how the device feels, for all who ask later too."""
        self._paho.publish(self._address.topic(Subject.STATUS), encode_status(status), qos=QOS, retain=True)

    def _connected(
        self,
        on_connected: Callable[[], None],
        paho: Client,
        _data: Any,
        _flags: ConnectFlags,
        reason: ReasonCode,
        _properties: Properties | None,
    ) -> None:
        if reason.is_failure:
            log.error("link.refused", reason=str(reason))
            return
        paho.subscribe(self._address.topic(Subject.ACK), options=SubscribeOptions(qos=QOS))
        log.info("link.connected")
        on_connected()

    def _disconnected(
        self,
        _paho: Client,
        _data: Any,
        _flags: DisconnectFlags,
        reason: ReasonCode,
        _properties: Properties | None,
    ) -> None:
        log.info("link.disconnected", reason=str(reason))

    def _received(
        self, on_ack: Callable[[Ack], None], _paho: Client, _data: Any, message: MQTTMessage
    ) -> None:
        try:
            ack = decode_ack(bytes(message.payload))
        except WireError as error:
            log.warning("link.ack_unreadable", reason=error.refusal)
        else:
            on_ack(ack)

    def _published(
        self, _paho: Client, _data: Any, _mid: int, reason: ReasonCode, _properties: Properties | None
    ) -> None:
        if reason.is_failure:
            log.error("link.publish_refused", reason=str(reason))


def send_at_once(_paho: Client, _data: Any, connection: Any) -> None:
    """Send each packet when it is written: small packets that wait for each other cost 40 ms a hop."""
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
