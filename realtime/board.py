"""Live boards: server-sent events that say what changed. They carry ids; the page fetches what it may see.

Every two seconds a beat tells the agency's time, so that a page knows within five that its stream is down. A
reader that does not keep up is dropped and reads everything anew when it returns; streams end after ten
minutes and come back by themselves, which checks the session again. A page that was drawn a moment ago is
first told what happened since.
"""

import json
from collections import deque
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import override

import structlog
from prometheus_client import Gauge
from twisted.application.service import Service
from twisted.internet.interfaces import IPushProducer, IReactorTime
from twisted.internet.task import LoopingCall
from twisted.web.http import Request
from zope.interface import implementer

from homecare.access.model import SignedIn
from homecare.kernel.clock import Clock
from homecare.kernel.ids import AreaId, OrganisationId

BEAT_SECONDS = 2.0
LONGEST_STREAM_SECONDS = 600.0
# What a reader may be behind before it is dropped.
MOST_BEHIND = 1000
# How long ago a page that opens its stream may have been drawn, and how much is remembered for it.
RECENT_SECONDS = 60.0
MOST_RECENT = 2000

log = structlog.get_logger()
readers_gauge = Gauge("ponctuel_board_readers", "Open live boards")


@implementer(IPushProducer)
class Reader:
    """One open board. Writes while its connection keeps up, holds back while it does not."""

    def __init__(self, request: Request, person: SignedIn, board: "Board") -> None:
        """Stream to `request` what concerns `person`."""
        self._request = request
        self._board = board
        self._paused = False
        self._behind: deque[bytes] = deque()
        self.organisation: OrganisationId = person.organisation
        self.areas: frozenset[AreaId] | None = person.areas

    def sees(self, area: AreaId | None) -> bool:
        """Tell whether something of this area concerns the reader."""
        return area is None or self.areas is None or area in self.areas

    def send(self, text: bytes) -> None:
        """Send one event, now or when the connection has caught up."""
        if not self._paused:
            self._request.write(text)
        elif len(self._behind) < MOST_BEHIND:
            self._behind.append(text)
        else:
            self._board.drop(self)

    def end(self) -> None:
        """Close the stream; the page opens it again."""
        self._request.unregisterProducer()
        self._request.finish()

    def abort(self) -> None:
        """Cut a connection that does not read."""
        channel = self._request.channel
        if channel is not None:
            channel.forceAbortClient()

    def pauseProducing(self) -> None:
        """The connection's buffer is full."""
        self._paused = True

    def resumeProducing(self) -> None:
        """The connection has caught up."""
        self._paused = False
        while self._behind and not self._paused:
            self._request.write(self._behind.popleft())

    def stopProducing(self) -> None:
        """The connection is gone."""
        self._board.forget(self)


@dataclass(frozen=True, slots=True)
class _Told:
    """An event that was sent: when in real time, of which area, its text."""

    at: datetime
    area: AreaId | None
    text: bytes


class Board(Service):
    """All open boards of this program."""

    name = "board"

    def __init__(self, *, clock: Clock, reactor: IReactorTime) -> None:
        """Beat on `reactor`, tell the time of `clock`."""
        self._clock = clock
        self._reactor = reactor
        self._readers: dict[OrganisationId, set[Reader]] = {}
        self._last_punch: dict[OrganisationId, datetime] = {}
        self._recent: dict[OrganisationId, deque[_Told]] = {}
        self._heard_since = clock.real_now()
        self._beat = LoopingCall(self._send_beat)
        self._beat.clock = reactor

    @override
    def startService(self) -> None:
        super().startService()  # type: ignore[no-untyped-call]
        self._beat.start(BEAT_SECONDS, now=False)

    @override
    def stopService(self) -> None:
        super().stopService()  # type: ignore[no-untyped-call]
        self._beat.stop()
        for reader in [reader for readers in self._readers.values() for reader in readers]:
            self.forget(reader)
            reader.end()

    def open(self, request: Request, person: SignedIn, *, since: datetime | None = None) -> None:
        """Begin to stream to a board: what happened `since`, in real time, then all that happens.

        When too much happened, or too long ago, the page is told to fetch everything.
        """
        request.setHeader(b"Content-Type", b"text/event-stream; charset=utf-8")
        request.setHeader(b"Cache-Control", b"no-store")
        request.setHeader(b"X-Accel-Buffering", b"no")
        reader = Reader(request, person, self)
        request.registerProducer(reader, streaming=True)
        self._readers.setdefault(person.organisation, set()).add(reader)
        readers_gauge.inc()
        ending = self._reactor.callLater(LONGEST_STREAM_SECONDS, self._end, reader)
        request.notifyFinish().addBoth(lambda _: ending.cancel() if ending.active() else None)
        request.notifyFinish().addBoth(lambda _: self.forget(reader))
        reader.send(b"retry: 1000\n" + self._beat_of(person.organisation))
        if since is not None:
            self._catch_up(reader, since)

    def _catch_up(self, reader: Reader, since: datetime) -> None:
        recent = self._recent.get(reader.organisation, ())
        remembered = max(self._heard_since, self._clock.real_now() - timedelta(seconds=RECENT_SECONDS))
        if since < remembered or len(recent) == MOST_RECENT:
            reader.send(_event("refresh", {}))
            return
        for told in recent:
            if told.at >= since and reader.sees(told.area):
                reader.send(told.text)

    def forget(self, reader: Reader) -> None:
        """Send no more to this board."""
        readers = self._readers.get(reader.organisation, set())
        if reader in readers:
            readers.remove(reader)
            readers_gauge.dec()

    def drop(self, reader: Reader) -> None:
        """Cut a board that does not keep up, so that the others are not slowed."""
        log.warning("board.dropped", organisation=reader.organisation)
        self.forget(reader)
        reader.abort()

    def take(self, payload: str) -> None:
        """Pass one notice of the database (`kernel.db.notify_board`) on to the boards it concerns."""
        notice = json.loads(payload)
        organisation, area = OrganisationId(notice["o"]), notice["a"]
        if notice["k"] == "punch":
            self._last_punch[organisation] = self._clock.now()
        text = _event(notice["k"], {"id": notice["i"], "area": area})
        self._remember(organisation, area, text)
        for reader in list(self._readers.get(organisation, ())):
            if reader.sees(area):
                reader.send(text)

    def _remember(self, organisation: OrganisationId, area: AreaId | None, text: bytes) -> None:
        recent = self._recent.setdefault(organisation, deque(maxlen=MOST_RECENT))
        now = self._clock.real_now()
        while recent and now - recent[0].at > timedelta(seconds=RECENT_SECONDS):
            recent.popleft()
        recent.append(_Told(now, area, text))

    def refresh_all(self) -> None:
        """Tell every board to fetch everything: notices may have been missed."""
        self._heard_since = self._clock.real_now()
        for organisation, readers in self._readers.items():
            for reader in list(readers):
                reader.send(_event("refresh", {}) + self._beat_of(organisation))

    def _send_beat(self) -> None:
        for organisation, readers in self._readers.items():
            text = self._beat_of(organisation)
            for reader in list(readers):
                reader.send(text)

    def _beat_of(self, organisation: OrganisationId) -> bytes:
        last = self._last_punch.get(organisation)
        return _event(
            "beat",
            {"now": self._clock.now().isoformat(), "last_punch": None if last is None else last.isoformat()},
        )

    def _end(self, reader: Reader) -> None:
        self.forget(reader)
        reader.end()


def _event(kind: str, data: dict[str, object]) -> bytes:
    return f"event: {kind}\ndata: {json.dumps(data, separators=(',', ':'))}\n\n".encode()
