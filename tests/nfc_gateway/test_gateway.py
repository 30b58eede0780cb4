"""The gateway from card to core: a tap that was kept arrives once, whatever dies on the way."""

import sqlite3

from simulators.nfc_card.field import lay
from simulators.nfc_card.type4 import Type4Card
from tests.mqtt_bridge.running import RunningCore
from tests.nfc_gateway.running import RunningGateway
from tests.supervised import Supervised, wait_until

BADGES = ["04A1B2C3D4E5F6", "04A1B2C3D4E5F7", "04A1B2C3D4E5F8"]


def badges(core: RunningCore) -> list[object]:
    """Return the badges of the recorded claims, in the order in which they were recorded."""
    return [record["who"] for record in core.records("claim")]


def test_a_badge_laid_on_the_reader_is_recorded_at_the_readers_place(
    gateway: RunningGateway, core: RunningCore
) -> None:
    core.start()
    gateway.start()

    gateway.tap(BADGES[0])

    wait_until(lambda: core.records("claim"))
    [claim] = core.records("claim")
    assert (claim["channel"], claim["edge"]) == ("nfc", None)
    assert (claim["where"], claim["who"]) == (["device", "gw-0001"], ["badge", BADGES[0]])
    wait_until(lambda: gateway.health()["waiting"] == 0)
    assert gateway.health()["acknowledged_at"] is not None


def test_a_homes_tag_brought_to_the_reader_names_the_home(gateway: RunningGateway, core: RunningCore) -> None:
    core.start()
    gateway.start()

    tag = Type4Card(bytes.fromhex("04B1B2C3D4E5F6"), "https://ponctuel.example/t/kQ7-x_2")
    assert lay(tag, gateway.reader_port, patience=20)

    wait_until(lambda: core.records("claim"))
    [claim] = core.records("claim")
    assert (claim["where"], claim["who"]) == (["tag", "kQ7-x_2"], ["nobody"])


def test_a_gateway_killed_before_the_acknowledgement_sends_the_tap_after_its_restart(
    gateway: RunningGateway, core: RunningCore
) -> None:
    gateway.start()
    wait_until(lambda: gateway.health()["connected"])
    for badge in BADGES:
        gateway.tap(badge)
    gateway.kill()
    core.start()
    assert core.records("claim") == []

    gateway.start()

    wait_until(lambda: len(core.records("claim")) == 3)
    assert badges(core) == [["badge", badge] for badge in BADGES]
    wait_until(lambda: gateway.health()["waiting"] == 0)
    assert len(core.records("claim")) == 3


def test_a_gateway_killed_while_the_core_records_does_not_punch_twice(
    gateway: RunningGateway, core: RunningCore
) -> None:
    core.start(seconds=1.0)
    gateway.start()
    gateway.tap(BADGES[0])
    wait_until(lambda: core.records("begun"))
    gateway.kill()
    wait_until(lambda: core.records("claim"))

    gateway.start()

    wait_until(lambda: gateway.health().get("waiting") == 0 and gateway.health().get("connected"))
    assert len(core.records("claim")) == 1


def test_a_broker_that_is_killed_and_one_that_is_away_lose_no_tap(
    gateway: RunningGateway, core: RunningCore, broker: Supervised
) -> None:
    core.start(seconds=0.2)
    gateway.start()
    gateway.tap(BADGES[0])
    broker.command("kill mosquitto")
    gateway.tap(BADGES[1])
    broker.command("stop mosquitto")
    gateway.tap(BADGES[2])
    wait_until(lambda: gateway.health()["connected"] is False)
    assert gateway.call("--health").returncode == 1

    broker.command("start mosquitto")

    wait_until(lambda: gateway.health()["waiting"] == 0, seconds=60)
    assert sorted(map(str, badges(core))) == sorted(str(["badge", badge]) for badge in BADGES)


def test_the_core_sees_a_gateway_come_and_vanish(gateway: RunningGateway, core: RunningCore) -> None:
    core.start()
    gateway.start()
    wait_until(lambda: any(status["online"] for status in core.records("status")))

    gateway.kill()

    wait_until(lambda: core.records("status")[-1]["online"] is False)


def test_a_gateway_that_stops_says_so_and_leaves_its_spool_in_order(
    gateway: RunningGateway, core: RunningCore
) -> None:
    core.start()
    gateway.start()
    wait_until(lambda: gateway.health()["connected"])
    core.stop()
    gateway.tap(BADGES[0])

    gateway.stop()

    core.start()
    wait_until(lambda: core.records("status")[-1]["online"] is False)
    with sqlite3.connect(gateway.folder / "gateway" / "gw-0001.sqlite3") as spool:
        assert spool.execute("SELECT count(*) FROM waiting").fetchone() == (1,)
    spool.close()


def test_a_tap_that_the_core_refuses_is_kept_as_a_trace(gateway: RunningGateway, core: RunningCore) -> None:
    core.start()
    gateway.organisation = "2"
    gateway.start()

    gateway.tap(BADGES[0])

    wait_until(lambda: gateway.health()["dead"] == 1)
    assert gateway.health()["waiting"] == 0
    assert core.records("claim") == []
    [event] = core.records("event")
    assert (event["reason"], event["badge"]) == ("unknown-device", BADGES[0])


def test_a_running_gateway_says_on_its_command_line_that_it_works(
    gateway: RunningGateway, core: RunningCore
) -> None:
    gateway.start()
    wait_until(lambda: gateway.health()["connected"])

    answer = gateway.call("--health")

    assert (answer.returncode, answer.stdout) == (0, "La passerelle fonctionne.\n")


def test_a_second_gateway_on_the_same_spool_does_not_start(gateway: RunningGateway) -> None:
    gateway.start()

    second = gateway.call()

    assert second.returncode == 1
    assert "held open by another program" in second.stderr
