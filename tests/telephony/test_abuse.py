"""Strangers at the line: floods, forged voice, doors that must be closed."""

import re
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path

import pytest

from simulators.handset.voice import voice_packets
from tests.supervised import Supervised, wait_until
from tests.telephony.agency import HOME_LINE, INES, OMAR
from tests.telephony.conftest import StartCore
from tests.telephony.network import PhoneNetwork

LOOPBACK = "0100007F"  # 127.0.0.1 as the kernel's tables write it
LISTENING = "0A"
FLOOD = 2000


def invite(caller: int, number: int, source: tuple[str, int], target: tuple[str, int]) -> bytes:
    host, port = source
    return "\r\n".join(
        (
            f"INVITE sip:+33801020304@{target[0]}:{target[1]} SIP/2.0",
            f"Via: SIP/2.0/UDP {host}:{port};branch=z9hG4bK-flood-{number}",
            f"From: <sip:+336{caller:08}@{host}>;tag=flood{number}",
            f"To: <sip:+33801020304@{target[0]}>",
            f"Call-ID: flood-{number}@{host}",
            "CSeq: 1 INVITE",
            f"Contact: <sip:flood@{host}:{port}>",
            "Max-Forwards: 70",
            "Content-Length: 0",
            "\r\n",
        )
    ).encode()


def test_a_flood_of_calls_that_the_operator_did_not_send_is_never_answered_and_stops_nobody(
    answer: StartCore, phone: PhoneNetwork, asterisk: Supervised
) -> None:
    core, target = answer(), (asterisk.settings.sip_host, asterisk.settings.sip_port)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as stranger:
        stranger.bind(("127.0.0.3", 0))
        stranger.setblocking(False)  # noqa: FBT003 - the socket's own word

        def flood() -> None:
            for number in range(FLOOD):
                stranger.sendto(invite(number, number, stranger.getsockname(), target), target)
                time.sleep(0.002)

        flooding = threading.Thread(target=flood)
        flooding.start()
        report = phone.call(HOME_LINE, (1.0, INES))
        flooding.join()
        said = _statuses(stranger)
    assert report["ended_by"] == "them"
    assert [ring["caller"] for ring in core.left("ring")] == [HOME_LINE]
    assert len(core.left("punch")) == 1
    assert said <= {"401", "403", "500"}


def _statuses(stranger: socket.socket) -> set[str]:
    said = set()
    while True:
        try:
            said.add(stranger.recv(4096).decode().split()[1])
        except BlockingIOError:
            return said


def test_the_doors_of_supervision_and_of_the_dialogue_open_on_loopback_alone(
    answer: StartCore, asterisk: Supervised
) -> None:
    answer()
    settings = asterisk.settings
    for port in (settings.ami_port, settings.fastagi_port):
        assert _listeners(port) == {LOOPBACK}


def _listeners(port: int) -> set[str]:
    rows = [
        line.split()
        for table in ("/proc/net/tcp", "/proc/net/tcp6")
        for line in Path(table).read_text().splitlines()[1:]
    ]
    return {row[1].split(":")[0] for row in rows if row[3] == LISTENING and row[1].endswith(f":{port:04X}")}


@contextmanager
def few_voice_ports(asterisk: Supervised) -> Iterator[list[int]]:
    """Have Asterisk take the voice of every call on these ports, so that each is soon used again."""
    config = asterisk.state / "asterisk/etc/rtp.conf"
    usual = config.read_text()
    start = int(re.findall(r"rtpstart = (\d+)", usual)[0])
    config.write_text(re.sub(r"rtpend = \d+", f"rtpend = {start + 3}", usual))
    _restart(asterisk)
    try:
        yield [start, start + 2]
    finally:
        config.write_text(usual)
        _restart(asterisk)


def _restart(asterisk: Supervised) -> None:
    before = asterisk.pid("asterisk")
    asterisk.command("kill asterisk")
    wait_until(lambda: asterisk.pid("asterisk") not in (None, before))


def test_the_voice_of_a_dead_call_on_a_reused_port_presses_no_key(
    answer: StartCore, phone: PhoneNetwork, asterisk: Supervised
) -> None:
    core, over = answer(), threading.Event()

    def speak_on(ports: list[int]) -> None:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as dead:
            while not over.is_set():
                packets: Iterator[bytes] = voice_packets([(0.3, OMAR)], source=666)
                for packet in islice(packets, 150):
                    for port in ports:
                        dead.sendto(packet, ("127.0.0.1", port))
                    time.sleep(0.02)

    with few_voice_ports(asterisk) as ports:
        wait_until(lambda: phone.call(HOME_LINE, (1.0, INES), hang_up_after=0.5)["answered"])
        core.forget()
        speaking = threading.Thread(target=speak_on, args=(ports,))
        speaking.start()
        try:
            phone.call(HOME_LINE, (2.5, INES), tones="rfc2833", hang_up_after=1.0)
        finally:
            over.set()
            speaking.join()
    wanted = [str(punch["who"]) for punch in core.left("punch")]
    core.forget()
    phone.call(HOME_LINE, (1.0, INES), hang_up_after=1.0)
    assert wanted == [str(punch["who"]) for punch in core.left("punch")]


@pytest.mark.parametrize("keys", ["0033899999999#", "9#", "*0033899999999#", "#0033899999999#"])
def test_no_key_dials_anything_but_the_duty_number(answer: StartCore, phone: PhoneNetwork, keys: str) -> None:
    core = answer(duty_number=None)
    with phone.duty_phone() as outside:
        phone.call(HOME_LINE, (1.0, keys), hang_up_after=3.0)
        assert outside.heard_seconds == 0
    assert core.left("punch") == []
