"""Two cores side by side behind one front, one broker and one dialplan: either may be killed."""

import itertools
import json
import threading
import uuid
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from homecare.alerts.operations import set_rule
from homecare.punches.own_prompts import list_prompt_keys, replace_prompt
from homecare.workers.model import Language
from simulators.handset.call import place_call
from simulators.mqtt_box.box import Box
from tests.builders import ACTOR
from tests.realtime.agency import Agency, settle_in
from tests.realtime.browser import OpenBoard, check_in, health, post_punch
from tests.recordings import recording
from tests.supervised import Supervised, running_supervisor, wait_until
from tests.telephony.hearing import likeness

CORES = ("realtime", "realtime-2")
_numbers = itertools.count(800)


@pytest.fixture(scope="module")
def pair() -> Iterator[Supervised]:
    servers = "postgresql,mosquitto,asterisk,nginx"
    with running_supervisor("--only", servers, "--programs", "realtime", "--cores", "2") as running:
        yield running


@pytest.fixture
def agency(pair: Supervised) -> Agency:
    return settle_in(pair, next(_numbers))


@pytest.fixture
def front(pair: Supervised) -> Supervised:
    """The same system with its HTTP door at nginx, which chooses the core."""
    port = urlsplit(pair.settings.front_url).port
    return Supervised(pair.process, pair.state, pair.settings.model_copy(update={"realtime_port": port}))


def is_ready(pair: Supervised, core: str) -> bool:
    parts = pair.command("status")["parts"]
    assert isinstance(parts, dict)
    return bool(parts[core]["state"] == "ready")


def kill(pair: Supervised, core: str) -> None:
    """Kill a core once it works, and see that it is dead."""
    wait_until(lambda: is_ready(pair, core))
    before = pair.pid(core)
    pair.command(f"kill {core}")
    wait_until(lambda: pair.pid(core) != before)


def keys_stored(agency: Agency) -> Counter[str]:
    with agency.connect() as conn:
        return Counter(ref for (ref,) in conn.execute("SELECT source_ref FROM punches").fetchall())


def test_cores_that_are_killed_in_turn_under_load_lose_nothing_and_store_nothing_twice(
    pair: Supervised, front: Supervised, agency: Agency, tmp_path: Path
) -> None:
    device = f"box-{next(_numbers):04d}"
    with agency.connect() as conn:
        conn.execute("UPDATE devices SET name = %s WHERE home_id = %s", (device, agency.home.home))
    box = Box(
        device,
        organisation=str(agency.organisation),
        password=pair.device_password(device),
        memory=tmp_path / "box",
    )
    box.start(pair.settings.mqtt_host, pair.settings.mqtt_port)
    sent: set[str] = set()
    acknowledged: set[str] = set()
    over = threading.Event()

    def phone() -> None:
        while not over.is_set():
            key, message = uuid.uuid4().hex, check_in(qr=agency.home.qr_token)
            sent.add(f"{agency.worker.id}/{key}")
            while True:  # as a phone does: the same punch under the same number until it has an answer
                try:
                    reply = post_punch(front.settings, message, session=agency.worker_session, key=key)
                except (OSError, json.JSONDecodeError):  # the front's own page: no core answered
                    continue
                if reply.status in (200, 201, 202):
                    break
            acknowledged.add(f"{agency.worker.id}/{key}")
            sent.add(f"{device}/{box.punch(at=datetime.now(UTC), badge=agency.badge)}")

    phones = [threading.Thread(target=phone) for _ in range(4)]
    for thread in phones:
        thread.start()
    for core in (*CORES, *CORES):
        made = len(acknowledged)
        kill(pair, core)
        wait_until(lambda made=made: len(acknowledged) > made + 10)  # type: ignore[misc]
    over.set()
    for thread in phones:
        thread.join()
    assert box.wait_until_answered(timeout=60)
    acknowledged |= {f"{device}/{ref}" for ref, said in box.answers.items() if said.status != "refused"}
    box.stop()

    stored = keys_stored(agency)
    assert acknowledged == sent
    assert set(stored) == sent
    assert set(stored.values()) == {1}
    with agency.connect() as conn:
        kept_by = conn.execute("SELECT DISTINCT core_instance FROM punches ORDER BY 1").fetchall()
    assert kept_by == [("core-1",), ("core-2",)]


def test_a_call_that_finds_the_first_core_dead_is_served_by_the_second(
    pair: Supervised, agency: Agency
) -> None:
    wait_until(lambda: is_ready(pair, "realtime-2"))
    pair.command("stop realtime")
    settings = pair.settings
    try:
        report = place_call(
            agency.called,
            agency.home.line,
            [(0.8, agency.worker.code)],
            None,
            switch=(settings.sip_host, settings.sip_port),
        )
    finally:
        pair.command("start realtime")
    assert report["answered"]
    with agency.connect() as conn:
        rows = conn.execute("SELECT channel, core_instance FROM punches").fetchall()
    assert rows == [("phone", "core-2")]


def test_what_an_agency_recorded_is_heard_whichever_core_serves_the_call(
    pair: Supervised, agency: Agency, tmp_path: Path
) -> None:
    settings, heard = pair.settings, tmp_path / "heard.wav"
    with agency.connect() as conn:
        replace_prompt(conn, ACTOR, Language.FRENCH, "arrival_at", recording(), now=agency.now())
        (digest,) = [key.digest for key in list_prompt_keys(conn) if key.organisation == agency.organisation]
    own = settings.prompts_dir / f"own/{agency.organisation}/fr/arrival_at-{digest}.wav"
    agency.plan_visit()
    for rank, core in enumerate(CORES, start=1):
        wait_until(lambda: all(is_ready(pair, one) for one in CORES))
        pair.command(f"stop {core}")
        try:
            wait_until(own.exists)
            with agency.connect() as conn:
                conn.execute("UPDATE visits SET arrived_at = NULL")
            place_call(
                agency.called,
                agency.home.line,
                [(0.8, agency.worker.code)],
                save_to=heard,
                switch=(settings.sip_host, settings.sip_port),
            )
            assert likeness(heard, own) > 0.9
        finally:
            pair.command(f"start {core}")
        assert len(keys_stored(agency)) == rank


@pytest.mark.parametrize("core", CORES)
def test_an_alert_that_becomes_due_while_one_core_dies_is_raised_once_and_boards_go_on(
    pair: Supervised, front: Supervised, agency: Agency, core: str
) -> None:
    for name in CORES:
        wait_until(lambda name=name: is_ready(pair, name))  # type: ignore[misc]
    with agency.connect() as conn:
        set_rule(conn, ACTOR, first_minutes=0, escalation_minutes=None, now=datetime.now(UTC))
    visits = [agency.plan_visit(minutes_from_now=seconds / 60) for seconds in (2, 3, 4, 5, 6)]
    kill(pair, core)
    board = OpenBoard(front.settings, agency.coordinator_session)  # as a browser does whose stream broke

    def raised() -> list[int]:
        with agency.connect() as conn:
            return [visit for (visit,) in conn.execute("SELECT visit_id FROM alerts ORDER BY 1").fetchall()]

    wait_until(lambda: len(raised()) >= len(visits))
    wait_until(lambda: is_ready(pair, core))
    assert raised() == sorted(visits)
    reply = post_punch(front.settings, check_in(qr=agency.home.qr_token), session=agency.worker_session)
    assert reply.status == 201
    wait_until(lambda: board.saw("punch") or board.saw("visit"))
    board.close()


def test_each_core_has_a_name_a_spool_and_ports_of_its_own(pair: Supervised) -> None:
    cores = pair.command("cores")["cores"]
    assert isinstance(cores, list)
    first, second = cores
    assert first == {}
    assert second["PONCTUEL_CORE_INSTANCE"] == "core-2"
    for name in CORES:
        wait_until(lambda name=name: is_ready(pair, name))  # type: ignore[misc]
    other = pair.settings.model_copy(update={"realtime_port": int(second["PONCTUEL_REALTIME_PORT"])})
    assert health(pair.settings)["database"]
    assert health(other)["database"]
    assert {file.name for file in (pair.state / "spool").glob("*.sqlite3")} == {
        "core-1.sqlite3",
        "core-2.sqlite3",
    }
