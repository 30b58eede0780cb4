"""The bridge on a real Mosquitto with a real box: nothing lost, nothing twice, nothing forged."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from simulators.mqtt_box.box import Box
from tests.mqtt_bridge.raw_device import RawDevice
from tests.mqtt_bridge.running import RunningCore
from tests.supervised import Supervised, wait_until

type Connect = Callable[..., RawDevice]
PUNCH = "ponctuel/v1/1/box-0001/punch"


def now() -> datetime:
    return datetime.now(UTC)


def fields(ref: str = "r-1", **changes: object) -> bytes:
    good = {"v": 1, "ref": ref, "at": now().isoformat(), "tag": None, "badge": "04A1", "edge": None}
    return json.dumps({**good, **changes}).encode()


def expected(refs: list[str]) -> list[str]:
    return sorted(f"box-0001/{ref}" for ref in refs)


def test_a_punch_of_a_box_is_recorded_and_answered(core: RunningCore, box: Box) -> None:
    core.start()
    at = now()

    ref = box.punch(at=at, badge="04A1", edge="arrival")

    assert box.wait_until_answered(timeout=20)
    assert box.answers[ref].status == "stored"
    [claim] = core.records("claim")
    assert claim["source_ref"] == f"box-0001/{ref}"
    assert claim["punched_at"] == at.isoformat()
    assert (claim["where"], claim["who"]) == (["device", "box-0001"], ["badge", "04A1"])
    assert (claim["channel"], claim["edge"]) == ("box", "arrival")


def test_a_topic_of_no_organisation_is_passed_over_without_a_fuss(
    core: RunningCore, raw_device: Connect
) -> None:
    core.start()
    device = raw_device("box-0001")
    for organisation in ("-1", "A", "1" * 41, " "):
        device.publish_blindly(f"ponctuel/v1/{organisation}/box-0001/punch", fields("r-0"))
    device.publish(PUNCH, fields())
    assert device.answer()["ref"] == "r-1"
    log = (core.folder / "core-1.log").read_text()
    assert log.count("mqtt.strange_topic") == 4
    assert "Traceback" not in log


def test_punches_made_while_no_core_listens_are_recorded_once_when_one_comes(
    core: RunningCore, box: Box
) -> None:
    refs = [box.punch(at=now(), badge="04A1") for _ in range(5)]
    assert not box.wait_until_answered(timeout=1.5)

    core.start()

    assert box.wait_until_answered(timeout=30)
    assert sorted(core.refs()) == expected(refs)


def test_a_core_that_is_killed_at_work_loses_nothing_and_stores_nothing_twice(
    core: RunningCore, box: Box
) -> None:
    core.start(seconds=0.2)
    refs = []
    for _ in range(3):
        refs += [box.punch(at=now(), badge="04A1") for _ in range(4)]
        wait_until(core.refs)
        core.kill()
        core.start(seconds=0.2)

    assert box.wait_until_answered(timeout=60)
    assert sorted(core.refs()) == expected(refs)


def test_a_core_that_stops_answers_what_it_has_begun(core: RunningCore, raw_device: Connect) -> None:
    core.start(seconds=1.0)
    device = raw_device("box-0001")
    device.publish(PUNCH, fields())
    wait_until(lambda: core.records("begun"))

    core.stop()

    assert device.answer()["status"] == "stored"
    assert core.refs() == ["box-0001/r-1"]


def test_of_two_cores_one_may_be_killed(core: RunningCore, box: Box) -> None:
    core.start(seconds=0.05)
    core.start(seconds=0.05)
    refs = [box.punch(at=now(), badge="04A1") for _ in range(20)]
    wait_until(core.refs)
    core.kill()

    assert box.wait_until_answered(timeout=60)
    assert set(core.refs()) == set(expected(refs))


def test_a_broker_that_is_killed_loses_nothing(core: RunningCore, box: Box, broker: Supervised) -> None:
    core.start()
    refs = []
    for _ in range(3):
        refs += [box.punch(at=now(), badge="04A1") for _ in range(5)]
        broker.command("kill mosquitto")
        refs += [box.punch(at=now(), badge="04A1") for _ in range(5)]

    assert box.wait_until_answered(timeout=90)
    assert sorted(core.refs()) == expected(refs)


def test_a_box_that_is_unplugged_and_plugged_in_again_sends_what_it_remembers(
    core: RunningCore, broker: Supervised, tmp_path_factory: pytest.TempPathFactory
) -> None:
    memory = tmp_path_factory.mktemp("box") / "journal"
    password = broker.device_password("box-0001")
    first = Box("box-0001", organisation="1", password=password, memory=memory)
    refs = [first.punch(at=now(), badge="04A1") for _ in range(3)]
    first.stop()
    core.start()

    second = Box("box-0001", organisation="1", password=password, memory=memory)
    second.start("127.0.0.1", broker.settings.mqtt_port)

    assert second.wait_until_answered(timeout=20)
    second.stop()
    assert sorted(core.refs()) == expected(refs)


@pytest.mark.parametrize(
    ("payload", "reason", "ref"),
    [
        (lambda: b"bonjour", "not-json", None),
        (lambda: fields(note="x" * 2100), "too-large", None),
        (lambda: fields(v=2), "wrong-version", "r-1"),
        (lambda: fields(lat=48.8566, lon=2.3522), "unknown-field", "r-1"),
        (lambda: fields(at=(now() + timedelta(minutes=6)).isoformat()), "future", "r-1"),
        (lambda: fields(at=(now() - timedelta(days=31)).isoformat()), "ancient", "r-1"),
        (lambda: fields(badge="'; DROP TABLE punches; --"), "bad-field", "r-1"),
    ],
    ids=["not-json", "too-large", "wrong-version", "position", "future", "ancient", "sql"],
)
def test_what_will_never_be_taken_is_refused_and_noted_and_the_next_punch_is_not_held_up(
    core: RunningCore, raw_device: Connect, payload: Callable[[], bytes], reason: str, ref: str | None
) -> None:
    core.start()
    device = raw_device("box-0001")

    device.publish(PUNCH, payload())
    device.publish(PUNCH, fields("r-2"))

    answers = [device.answer(), device.answer()]
    assert {"v": 1, "ref": ref, "status": "refused", "reason": reason} in answers
    assert {"v": 1, "ref": "r-2", "status": "stored", "reason": None} in answers
    assert core.refs() == ["box-0001/r-2"]
    [event] = core.records("event")
    assert (event["device"], event["kind"], event["reason"]) == ("box-0001", "punch_refused", reason)
    assert "48.8566" not in core.journal.read_text()


def test_a_packet_that_is_far_too_large_ends_the_connection_and_never_reaches_the_core(
    core: RunningCore, raw_device: Connect
) -> None:
    core.start()
    device = raw_device("box-0001")

    device.publish_blindly(PUNCH, b"x" * 100_000)

    assert device.disconnected.wait(10)
    other = raw_device("box-0002")
    other.publish("ponctuel/v1/1/box-0002/punch", fields())
    assert other.answer()["reason"] == "unknown-device"
    assert len(core.records("event")) == 1


def test_a_device_cannot_publish_in_the_name_of_another_one(core: RunningCore, raw_device: Connect) -> None:
    core.start()
    hostile = raw_device("box-0666")

    assert hostile.publish(PUNCH, fields()) == "Not authorized"
    forged = b'{"status":"online","waiting":666}'
    assert hostile.publish("ponctuel/v1/1/box-0001/status", forged) == "Not authorized"

    honest = raw_device("box-0001")
    honest.publish(PUNCH, fields("r-2"))
    assert honest.answer()["ref"] == "r-2"
    assert core.refs() == ["box-0001/r-2"]
    assert not [status for status in core.records("status") if status["waiting"] == 666]


def test_a_device_cannot_acknowledge_a_punch_nor_read_the_answers_of_another_one(
    core: RunningCore, raw_device: Connect
) -> None:
    core.start()
    hostile = raw_device("box-0666", listen="#")
    honest = raw_device("box-0001")

    assert hostile.publish("ponctuel/v1/1/box-0001/ack", fields()) == "Not authorized"
    honest.publish(PUNCH, fields())

    assert honest.answer()["status"] == "stored"
    assert hostile.answers.empty()


def test_a_device_that_claims_another_organisation_is_refused(core: RunningCore, raw_device: Connect) -> None:
    core.start()
    device = raw_device("box-0001")

    assert device.publish("ponctuel/v1/2/box-0001/punch", fields()) == "Success"

    assert device.answer() == {"v": 1, "ref": "r-1", "status": "refused", "reason": "unknown-device"}
    assert core.refs() == []
    assert len(core.records("event")) == 1


def test_the_core_knows_whether_a_box_is_there_even_when_it_starts_later(
    core: RunningCore, box: Box, broker: Supervised
) -> None:
    core.start()
    wait_until(lambda: {"device": "box-0001", "online": True, "waiting": None} in core.records("status"))
    core.stop()
    core.journal.unlink()

    core.start()

    wait_until(lambda: core.records("status"))
    assert core.records("status")[0] == {"device": "box-0001", "online": True, "waiting": None}
