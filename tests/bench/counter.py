"""A bare paho thread in the core's place, that only counts: as the core's own user:
`python -m tests.bench.counter HOST PORT COUNT USER`.

The broker's password comes on the standard input. It prints `ready` once it is subscribed, and `counted` when
it has seen so many messages.
"""

import sys
from typing import Any

from paho.mqtt.client import Client, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

from mqtt_bridge.client import Broker, send_at_once
from mqtt_bridge.wire import ALL_PUNCHES


def main() -> int:
    """Count until there are enough."""
    host, port, wanted = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    broker = Broker(host=host, port=port, user=sys.argv[4], password=sys.stdin.readline().strip())
    seen = 0

    def count(client: Client, _data: Any, _message: MQTTMessage) -> None:
        nonlocal seen
        seen += 1
        if seen == wanted:
            print("counted", flush=True)
            client.disconnect()

    client = Client(CallbackAPIVersion.VERSION2, client_id=broker.user, protocol=MQTTProtocolVersion.MQTTv5)
    client.username_pw_set(broker.user, broker.password)
    client.on_message = count
    client.on_connect = lambda paho, *_: paho.subscribe(ALL_PUNCHES, qos=1)
    client.on_subscribe = lambda *_: print("ready", flush=True)
    client.on_socket_open = send_at_once
    properties = Properties(PacketTypes.CONNECT)
    properties.ReceiveMaximum = broker.max_inflight
    client.connect(broker.host, broker.port, properties=properties)
    client.loop_forever()
    return 0


if __name__ == "__main__":
    sys.exit(main())
