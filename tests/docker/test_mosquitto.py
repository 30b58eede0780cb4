"""Who may speak where, on a real Mosquitto."""

import queue
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import paho.mqtt.client as mqtt
import pytest
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

from tests.supervised import Supervised, running_supervisor, wait_until

PUNCH = "ponctuel/v1/7/gw-0001/punch"
ACK = "ponctuel/v1/7/gw-0001/ack"
OF_ANOTHER = "ponctuel/v1/7/gw-0002/punch"


@pytest.fixture(scope="module")
def broker() -> Iterator[Supervised]:
    with running_supervisor("--only", "mosquitto") as supervised:
        yield supervised


class Client:
    """A client that notes what it is answered and what it receives."""

    def __init__(self, broker: Supervised, user: str, password: str, *, named: str | None = None) -> None:
        self.answers: queue.Queue[ReasonCode] = queue.Queue()
        self.received: queue.Queue[tuple[str, bytes]] = queue.Queue()
        self.thrown_out = threading.Event()
        self.paho = mqtt.Client(CallbackAPIVersion.VERSION2, client_id=named or user, protocol=mqtt.MQTTv5)
        self.paho.username_pw_set(user, password)
        self.paho.on_connect = lambda _c, _u, _f, code, _p: self.answers.put(code)
        self.paho.on_disconnect = lambda *_: self.thrown_out.set()
        self.paho.on_publish = lambda _c, _u, _m, code, _p: self.answers.put(code)
        self.paho.on_subscribe = lambda _c, _u, _m, codes, _p: self.answers.put(codes[0])
        self.paho.on_message = lambda _c, _u, message: self.received.put(
            (message.topic, bytes(message.payload))
        )
        kept = Properties(PacketTypes.CONNECT)
        kept.SessionExpiryInterval = 3600
        self.paho.connect(
            broker.settings.mqtt_host, broker.settings.mqtt_port, clean_start=False, properties=kept
        )
        self.paho.loop_start()

    def answer(self) -> str:
        return str(self.answers.get(timeout=5))

    def publish(self, topic: str) -> str:
        self.paho.publish(topic, b"{}", qos=1)
        return self.answer()

    def subscribe(self, topic: str) -> str:
        self.paho.subscribe(topic, qos=1)
        return self.answer()

    def close(self) -> None:
        self.paho.disconnect()
        self.paho.loop_stop()


@contextmanager
def connected(broker: Supervised, user: str, password: str, *, named: str | None = None) -> Iterator[Client]:
    client = Client(broker, user, password, named=named)
    try:
        assert client.answer() == "Success"
        yield client
    finally:
        client.close()


@pytest.fixture
def device(broker: Supervised) -> Iterator[Client]:
    with connected(broker, "gw-0001", broker.device_password("gw-0001")) as client:
        yield client


@pytest.fixture
def core(broker: Supervised) -> Iterator[Client]:
    with connected(broker, "core", broker.settings.mqtt_password) as client:
        yield client


def test_a_device_registered_while_mosquitto_runs_is_accepted(broker: Supervised) -> None:
    with connected(broker, "gw-0042", broker.device_password("gw-0042")):
        pass


def test_a_device_keeps_its_password(broker: Supervised) -> None:
    assert broker.device_password("gw-0001") == broker.device_password("gw-0001")


def test_a_name_unfit_for_a_topic_is_no_device(broker: Supervised) -> None:
    with pytest.raises(AssertionError, match="not a device name"):
        broker.device_password("gw/+")


@pytest.mark.parametrize(("user", "password"), [("gw-0001", "guess"), ("nobody", "guess"), ("", "")])
def test_a_stranger_is_refused(broker: Supervised, user: str, password: str) -> None:
    broker.device_password("gw-0001")
    client = Client(broker, user, password)
    try:
        assert client.answer() == "Not authorized"
    finally:
        client.close()


@pytest.mark.parametrize("victim", ["core", "gw-0001"])
def test_a_device_that_connects_under_the_name_of_another_throws_nobody_out(
    broker: Supervised, core: Client, device: Client, victim: str
) -> None:
    thief = "gw-0666"
    with connected(broker, thief, broker.device_password(thief), named=victim):
        assert not core.thrown_out.wait(0.5)
        assert not device.thrown_out.is_set()


@pytest.mark.parametrize("name", ["core", "core-2", "watch"])
def test_a_name_of_our_own_is_no_device(broker: Supervised, name: str) -> None:
    with pytest.raises(AssertionError, match="not a device name"):
        broker.device_password(name)


def test_the_core_hears_a_device_through_its_shared_subscription(core: Client, device: Client) -> None:
    assert core.subscribe("$share/core/ponctuel/v1/+/+/punch") == "Granted QoS 1"
    assert device.publish(PUNCH) == "Success"
    assert core.received.get(timeout=5) == (PUNCH, b"{}")


def test_a_device_hears_the_answers_on_its_own_topic(core: Client, device: Client) -> None:
    assert device.subscribe(ACK) == "Granted QoS 1"
    assert core.publish(ACK).startswith("Success")
    assert device.received.get(timeout=5) == (ACK, b"{}")


@pytest.mark.parametrize("topic", [OF_ANOTHER, ACK, "ponctuel/v1/7/gw-0001/other", "elsewhere"])
def test_a_device_may_not_speak_beside_its_own_topics(device: Client, topic: str) -> None:
    assert device.publish(topic) == "Not authorized"


def test_a_device_hears_nothing_of_another(broker: Supervised, core: Client) -> None:
    # Mosquitto grants the subscription and filters on delivery, so what counts is what arrives.
    with connected(broker, "gw-0004", broker.device_password("gw-0004")) as curious:
        curious.subscribe("ponctuel/v1/+/+/ack")
        core.publish(ACK)
        core.publish("ponctuel/v1/7/gw-0004/ack")
        assert curious.received.get(timeout=5)[0] == "ponctuel/v1/7/gw-0004/ack"
        assert curious.received.empty()


def test_an_answer_kept_for_an_absent_device_outlives_a_kill(broker: Supervised, core: Client) -> None:
    password = broker.device_password("gw-0003")
    answer = "ponctuel/v1/7/gw-0003/ack"
    with connected(broker, "gw-0003", password) as device:
        device.subscribe(answer)
    assert core.publish(answer).startswith("Success")
    core.close()
    before = broker.pid("mosquitto")

    broker.command("kill mosquitto")
    wait_until(lambda: broker.pid("mosquitto") not in (None, before))
    broker.command("start mosquitto")  # answers once it is ready

    with connected(broker, "gw-0003", password) as device:
        assert device.received.get(timeout=5)[0] == answer
