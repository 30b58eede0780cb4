"""The courier's thread: takes what reader and broker say, sends what is due, tells how all is going."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from queue import Empty, SimpleQueue

import structlog

from mqtt_bridge.wire import Ack, AckStatus, DeviceStatus
from nfc_gateway.courier import Courier
from nfc_gateway.health import Health, write_health
from nfc_gateway.link import Link
from spool.spool import Spool

log = structlog.get_logger()

BEAT_SECONDS = 5.0
STATUS_EVERY = timedelta(minutes=1)
TRACES_KEPT = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Connected:
    """The broker has just accepted us."""


@dataclass(frozen=True, slots=True)
class Tapped:
    """A punch has just been put into the spool."""

    at: datetime


@dataclass(frozen=True, slots=True)
class ReaderSeen:
    """The reader came or went."""

    ready: bool


@dataclass(frozen=True, slots=True)
class Stop:
    """The gateway stops."""


type Message = Connected | Tapped | ReaderSeen | Ack | Stop


class Dispatch:
    """Owns the courier. `tell` may be called from any thread, `run` is the body of one."""

    def __init__(
        self,
        courier: Courier,
        *,
        spool: Spool,
        link: Link,
        health_file: Path,
        now: Callable[[], datetime],
    ) -> None:
        """Nothing is sent before `run`."""
        self._courier = courier
        self._spool = spool
        self._link = link
        self._health_file = health_file
        self._now = now
        self._inbox: SimpleQueue[Message] = SimpleQueue()
        self._reader = False
        self._tapped_at: datetime | None = None
        self._acknowledged_at: datetime | None = None
        self._status_due = now()

    def tell(self, message: Message) -> None:
        """Say something to the courier."""
        self._inbox.put(message)

    def run(self, *, clock: Callable[[], float]) -> None:
        """Work until told to `Stop`. `clock` gives seconds and never jumps."""
        self._spool.forget_dead_letters(before=self._now() - TRACES_KEPT)
        messages: list[Message] = []
        while Stop() not in messages:
            for message in messages:
                self._take(message, now=clock())
            due_in = self._courier.send_due(now=clock()) if self._link.connected else None
            self._tell_health()
            messages = self._listen(BEAT_SECONDS if due_in is None else min(due_in, BEAT_SECONDS))

    def _listen(self, wait: float) -> list[Message]:
        """Return what has been said: at least one thing, unless `wait` seconds pass in silence."""
        messages: list[Message] = []
        try:
            messages.append(self._inbox.get(timeout=wait))
            while True:
                messages.append(self._inbox.get_nowait())
        except Empty:
            return messages

    def _take(self, message: Message, *, now: float) -> None:
        match message:
            case Connected():
                self._courier.start_over(now=now)
                self._status_due = self._now()
            case Tapped(at):
                self._tapped_at = at
            case ReaderSeen(ready):
                self._reader = ready
                self._status_due = self._now()
            case Ack():
                self._acknowledged_at = self._now()
                self._courier.settle(message, now=self._acknowledged_at)
                if message.status in (AckStatus.CONFLICT, AckStatus.REFUSED):
                    log.warning(
                        "punch.not_taken", ref=message.ref, status=message.status, reason=message.reason
                    )

    def _tell_health(self) -> None:
        now = self._now()
        health = Health(
            at=now,
            connected=self._link.connected,
            reader=self._reader,
            waiting=self._spool.waiting,
            dead=self._spool.dead,
            tapped_at=self._tapped_at,
            acknowledged_at=self._acknowledged_at,
        )
        write_health(self._health_file, health)
        if health.connected and now >= self._status_due:
            self._status_due = now + STATUS_EVERY
            self._link.send_status(DeviceStatus(online=True, waiting=health.waiting, reader=health.reader))
