"""Supervision of a real Asterisk that goes on working, dies, comes back, or falls silent."""

import contextlib
import json
import os
import queue
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from tests.supervised import Supervised
from tests.telephony.agency import HOME_LINE
from tests.telephony.conftest import StartCore
from tests.telephony.network import PhoneNetwork


class Watcher:
    """The watching program; `sees` waits for what it says next of a kind."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process
        self._said: queue.Queue[dict[str, Any]] = queue.Queue()
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        for line in self._process.stdout or ():
            if line.startswith("{"):
                self._said.put(json.loads(line))

    def sees(self, what: str, **expected: object) -> dict[str, Any]:
        while True:
            said = self._said.get(timeout=20)
            if said["what"] == what and expected.items() <= said.items():
                return said

    def sees_no(self, what: str, *, seconds: float, **expected: object) -> bool:
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            with contextlib.suppress(queue.Empty):
                said = self._said.get(timeout=left)
                if said["what"] == what and expected.items() <= said.items():
                    return False
        return True

    def order(self, what: str, argument: str) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps([what, argument]) + "\n")
        self._process.stdin.flush()


@contextmanager
def watching(asterisk: Supervised, secret: str | None = None) -> Iterator[Watcher]:
    settings = asterisk.settings
    arguments = [str(settings.ami_port), settings.ami_user, secret or settings.ami_secret]
    with subprocess.Popen(  # noqa: S603 - our own program
        [sys.executable, "-m", "tests.telephony.watcher", *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        yield Watcher(process)
        if process.stdin is not None:
            process.stdin.close()
        assert process.wait(timeout=10) == 0


@pytest.fixture
def watcher(asterisk: Supervised) -> Iterator[Watcher]:
    with watching(asterisk) as watcher:
        watcher.sees("health", up=True)
        yield watcher


def test_a_call_is_seen_to_begin_and_to_end(watcher: Watcher, answer: StartCore, phone: PhoneNetwork) -> None:
    answer()
    phone.call(HOME_LINE, hang_up_after=0.5)
    began = watcher.sees("began")
    watcher.sees("ended", reference=began["reference"])
    watcher.sees("health", up=True, live=0)


def test_a_call_that_was_there_before_is_found(
    asterisk: Supervised, answer: StartCore, phone: PhoneNetwork
) -> None:
    answer()
    caller = threading.Thread(target=phone.call, args=(HOME_LINE,), kwargs={"hang_up_after": 3.0})
    caller.start()
    try:
        with watching(asterisk) as watcher:
            watcher.sees("health", live=1)
    finally:
        caller.join()


def test_a_call_can_be_ended(watcher: Watcher, answer: StartCore, phone: PhoneNetwork) -> None:
    answer()
    reports: list[Any] = []
    up = threading.Event()

    def call() -> None:
        reports.append(phone.call(HOME_LINE, hang_up_after=30, on_voice=lambda _: up.set()))

    caller = threading.Thread(target=call)
    caller.start()
    assert up.wait(timeout=10)
    watcher.order("hang_up", watcher.sees("began")["channel"])
    watcher.sees("done")
    caller.join(timeout=10)
    assert reports[0]["ended_by"] == "them"


def test_a_call_can_be_placed(watcher: Watcher, phone: PhoneNetwork) -> None:
    with phone.duty_phone(talk_seconds=0.2):
        watcher.order("place", "PJSIP/+33155500000@operator")
        watcher.sees("done")
        watcher.sees("began")


def test_line_breaks_in_an_order_are_no_second_order(watcher: Watcher) -> None:
    watcher.order("hang_up", "none\r\n\r\nAction: Originate\r\nChannel: PJSIP/+33155500000@operator\r\n")
    watcher.sees("failed")
    assert watcher.sees_no("began", seconds=1.0)


def test_an_asterisk_that_died_is_found_again(watcher: Watcher, asterisk: Supervised) -> None:
    asterisk.command("kill asterisk")
    watcher.sees("health", up=False)
    watcher.sees("health", up=True)


def test_an_asterisk_that_falls_silent_is_not_believed_to_be_well(
    watcher: Watcher, asterisk: Supervised
) -> None:
    pid = asterisk.pid("asterisk")
    assert pid is not None
    os.kill(pid, signal.SIGSTOP)
    try:
        watcher.sees("health", up=False)
        watcher.order("hang_up", "none")
        assert "down" in watcher.sees("failed")["why"]
    finally:
        os.kill(pid, signal.SIGCONT)
    watcher.sees("health", up=True)


def test_a_wrong_secret_is_never_up(asterisk: Supervised) -> None:
    with watching(asterisk, secret="wrong") as watcher:
        watcher.sees("health", up=False)
        assert watcher.sees_no("health", up=True, seconds=1.5)


def test_the_supervising_user_may_not_run_commands(asterisk: Supervised) -> None:
    settings = asterisk.settings
    login = f"Action: Login\r\nUsername: {settings.ami_user}\r\nSecret: {settings.ami_secret}\r\n\r\n"
    command = "Action: Command\r\nCommand: core show version\r\nActionID: 9\r\n\r\n"
    with socket.create_connection(("127.0.0.1", settings.ami_port), timeout=5) as manager:
        manager.sendall((login + command).encode())
        said = b""
        while b"ActionID: 9" not in said:
            said += manager.recv(4096)
    assert b"Permission denied" in said
