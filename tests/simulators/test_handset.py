"""The handset: what it sends is what a telephone sends."""

import json
import socket
import struct
import subprocess
import sys
import wave
import xml.etree.ElementTree as ET
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from simulators.handset.call import CallReport
from simulators.handset.dialogue import tell
from simulators.handset.scenario import Plan, write_scenario
from simulators.handset.trace import read_trace
from simulators.handset.voice import voice_packets


def plan(
    caller: str | None = "+33155512345", *, info: bool = True, hang_up_after: float | None = None
) -> Plan:
    return Plan("+33801020304", caller, [(1.0, "12#")], hang_up_after, 4000, info=info, token="abc")


@pytest.mark.parametrize("caller", ["+33155512345", "[service]]]>", '"><x>', "a\r\nVia: b", "é'--", "\\["])
def test_a_scenario_stays_one_document_whatever_the_callers_name(caller: str) -> None:
    root = ET.fromstring(write_scenario(plan(caller)))  # noqa: S314 - our own text
    invite = root.find("send")
    assert invite is not None
    assert "[service]" not in (invite.text or "")
    assert (invite.text or "").count("\nVia:") == 1


def test_a_hidden_number_is_nowhere_in_the_scenario() -> None:
    scenario = write_scenario(plan(None))
    assert "anonymous.invalid" in scenario
    assert "Privacy: id" in scenario


def test_each_key_is_one_info_request_with_a_number_of_its_own() -> None:
    scenario = write_scenario(plan())
    assert scenario.count("\nSignal=") == 3
    assert [f"CSeq: {number} INFO" in scenario for number in (2, 3, 4, 5)] == [True, True, True, False]


def test_keys_in_the_voice_stream_need_no_info_request() -> None:
    scenario = write_scenario(plan(info=False))
    assert "Signal=" not in scenario
    assert "telephone-event" in scenario
    assert "BYE" in scenario


def test_the_voice_stream_is_a_telephones() -> None:
    packets = list(islice(voice_packets([(0.1, "4#")]), 40))
    numbers = [struct.unpack_from("!H", packet, 2)[0] for packet in packets]
    assert numbers == list(range(numbers[0], numbers[0] + 40))
    kinds = [packet[1] & 0x7F for packet in packets]
    assert kinds == [8] * 5 + [101] * 9 + [8] + [101] * 9 + [8] * 16
    events = [packet for packet in packets if packet[1] & 0x7F == 101]
    assert [packet[12] for packet in events] == [4] * 9 + [11] * 9
    assert [packet[13] >> 7 for packet in events] == ([0] * 6 + [1] * 3) * 2
    assert len({packet[4:8] for packet in events[:9]}) == 1
    assert [packet[1] >> 7 for packet in events] == ([1] + [0] * 8) * 2


def test_the_trace_tells_who_said_what_and_when() -> None:
    trace = (
        "----------------------------------------------- 2026-11-24\t13:42:08.900000\t1795527728.900000\n"
        "UDP message sent (500 bytes):\n\nINVITE sip:1@host SIP/2.0\r\nCall-ID: a\r\nCSeq: 1 INVITE\r\n\n"
        "----------------------------------------------- 2026-11-24 13:42:09.952738\n"
        "UDP message received [600] bytes :\n\nSIP/2.0 200 OK\r\nCall-ID: a\r\nCSeq: 1 INVITE\r\n\n"
        "----------------------------------------------- 2026-11-24 13:42:10.000000\nnothing of interest\n"
    )
    sent, received = read_trace(trace)
    assert (sent.sent, sent.status, sent.method) == (True, None, "INVITE")
    assert (received.sent, received.status, received.call_id) == (False, 200, "a")
    assert received.at - sent.at == pytest.approx(1.052738, abs=1e-5)


def test_a_call_that_nobody_answers_is_reported_as_such() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as deaf:
        deaf.bind(("127.0.0.1", 0))
        nobody = "+33801020304", "--switch", f"127.0.0.1:{deaf.getsockname()[1]}", "--keys", "1:12"
        with ThreadPoolExecutor() as both:  # each waits as long as SIP has a caller wait
            told, done = both.map(lambda how: by_hand(*nobody, *how), [(), ("--json",)])
    assert (told.returncode, told.stdout) == (
        1,
        "Aucun téléphone n’écoute à cette adresse : l’installation est-elle lancée ?\n",
    )
    report = json.loads(done.stdout)
    assert (report["answered"], report["ended_by"], report["heard_seconds"]) == (False, None, 0)
    assert done.returncode == 1


def test_a_call_is_told_as_what_was_heard_and_keyed_each_at_its_time(tmp_path: Path) -> None:
    random = np.random.default_rng(1)
    tunes = {name: random.normal(0, 3000, length) for name, length in (("code", 8000), ("goodbye", 6000))}
    for name, tune in tunes.items():
        save(tmp_path / f"{name}.wav", tune)
    wording = tmp_path / "fr.yaml"
    wording.write_text('phrases: {code: "Votre code ?", goodbye: "Au revoir.", edge: "Tapez 1."}')
    silence = np.zeros(8000)
    save(tmp_path / "heard.wav", np.concatenate([silence, tunes["code"], silence, tunes["goodbye"]]))
    report = CallReport(
        answered=True, status=200, ended_by="them", answered_at=10.0, ended_at=14.0, seconds=4.0,
        heard_seconds=1.75, loudness=0.2, call_id="a",
    )  # fmt: skip
    told = tell(report, [(2.0, "123456")], tmp_path / "heard.wav", prompts=tmp_path, wording=wording)
    assert told.splitlines() == [
        "  1.0 s  entendu  « Votre code ? »",
        "  2.0 s  touches  123456",
        "  3.0 s  entendu  « Au revoir. »",
        "  4.0 s  fin      le système a raccroché ; 1.8 s de voix entendues",
    ]


def save(path: Path, sound: NDArray[np.float64]) -> None:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(sound.astype("<i2").tobytes())


def test_keys_that_no_telephone_has_are_refused() -> None:
    assert by_hand("1", "--switch", "h:1", "--keys", "1:12x").returncode == 2


def by_hand(*words: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "simulators.handset", *words]
    return subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - our own program
