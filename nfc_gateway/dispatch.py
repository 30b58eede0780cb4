"""The courier's thread: takes what reader and broker say, sends what is due, tells how all is going."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from queue import Empty, SimpleQueue

import structlog

from mqtt_bridge.wire import Ack, DeviceStatus
from nfc_gateway.courier import TAKEN, Courier
from nfc_gateway.health import Health, write_health
from nfc_gateway.link import Link
from spool.spool import Spool

log = structlog.get_logger()

BEAT_SECONDS, NEWS_SECONDS = 5.0, 0.5
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
        device: str,
        health_file: Path,
        now: Callable[[], datetime],
    ) -> None:
        """Nothing is sent before `run`. `device` is the reader's name, for those who look at our health."""
        self._courier = courier
        self._spool = spool
        self._link = link
        self._device = device
        self._health_file = health_file
        self._now = now
        self._inbox: SimpleQueue[Message] = SimpleQueue()
        self._welcome = False
        self._reader = False
        self._tapped_at: datetime | None = None
        self._acknowledged_at: datetime | None = None
        self._status_due = now()
        self._told_at = 0.0
        self._is_news = True

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
            self._settle([message for message in messages if isinstance(message, Ack)])
            self._welcome = self._welcome and self._link.connected
            due_in = self._courier.send_due(now=clock()) if self._welcome else None
            tell_in = self._tell_health(now=clock(), is_news=bool(messages))
            messages = self._listen(tell_in if due_in is None else min(due_in, tell_in))

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
                self._welcome = True
                self._courier.start_over(now=now)
                self._status_due = self._now()
            case Tapped(at):
                self._tapped_at = at
            case ReaderSeen(ready):
                self._reader = ready
                self._status_due = self._now()
            case Ack() | Stop():
                pass  # answers are settled together, with one write to the disk

    def _settle(self, acks: list[Ack]) -> None:
        if not acks:
            return
        self._acknowledged_at = self._now()
        self._courier.settle(acks, now=self._acknowledged_at)
        for ack in acks:
            if ack.status not in TAKEN:
                log.warning("punch.not_taken", ref=ack.ref, status=ack.status, reason=ack.reason)

    def _tell_health(self, *, now: float, is_news: bool) -> float:
        """Write the state if it is time: soon after news, or at a beat. Return the seconds until then."""
        self._is_news = self._is_news or is_news
        due_at = self._told_at + (NEWS_SECONDS if self._is_news else BEAT_SECONDS)
        if now < due_at:
            return due_at - now
        self._is_news = False
        self._told_at = now
        at = self._now()
        health = Health(
            at=at,
            connected=self._link.connected,
            reader=self._reader,
            waiting=self._spool.waiting,
            dead=self._spool.dead,
            device=self._device,
            tapped_at=self._tapped_at,
            acknowledged_at=self._acknowledged_at,
        )
        write_health(self._health_file, health)
        if health.connected and at >= self._status_due:
            self._status_due = at + STATUS_EVERY
            self._link.send_status(DeviceStatus(online=True, waiting=health.waiting, reader=health.reader))
        return BEAT_SECONDS
