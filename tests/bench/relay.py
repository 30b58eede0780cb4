"""Stands between Asterisk and the core and times both: who has the word, and for how long.

A gateway connection is a conversation: Asterisk asks or answers, the core commands, in turn. What passes is
passed on as it is, at once. The delays of this program count against whoever has the word.
"""

import asyncio
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from time import perf_counter
from typing import cast, override


@dataclass(slots=True)
class Delays:
    """Seconds of every turn.

    `ours`: from what Asterisk said (request, answer) to the core's next command. `theirs`: from a command
    that sets a variable, for which no caller is waited, to Asterisk's answer.
    """

    ours: list[float] = field(default_factory=list)
    theirs: list[float] = field(default_factory=list)

    def forget(self) -> None:
        """Begin anew."""
        self.ours.clear()
        self.theirs.clear()


class _Turns:
    """The turns of one call."""

    def __init__(self, delays: Delays) -> None:
        self._delays = delays
        self._answered_at: float | None = None
        self._set_at: float | None = None

    def asterisk_says(self, said: bytes) -> None:
        if said.startswith(b"HANGUP"):  # the caller is gone: an interjection, no answer
            return
        self._answered_at = now = perf_counter()
        if self._set_at is not None:
            self._delays.theirs.append(now - self._set_at)
            self._set_at = None

    def core_says(self, said: bytes) -> None:
        now = perf_counter()
        if self._answered_at is not None:
            self._delays.ours.append(now - self._answered_at)
            self._answered_at = None
        if said.startswith(b"SET VARIABLE"):
            self._set_at = now


class _End(asyncio.Protocol):
    """One of the two connections of a call."""

    def __init__(self, listen: Callable[[bytes], None]) -> None:
        self._listen = listen
        self._transport: asyncio.Transport | None = None
        self._over = False
        self.other: _End | None = None

    @override
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)

    @override
    def data_received(self, data: bytes) -> None:
        self._listen(data)
        if self.other is not None:
            self.other.say(data)

    @override
    def connection_lost(self, exc: Exception | None) -> None:
        self._over = True
        if self.other is not None:
            self.other.close()

    def say(self, data: bytes) -> None:
        if self._transport is not None:
            self._transport.write(data)

    def close(self) -> None:
        if self._transport is not None:
            self._transport.close()

    @property
    def over(self) -> bool:
        return self._over


class _AsteriskEnd(_End):
    """Asterisk's connection, which opens the core's; nothing is read of it before that is there."""

    def __init__(
        self, delays: Delays, core: tuple[str, int], *, leave: Callable[["_AsteriskEnd"], None]
    ) -> None:
        self._turns = _Turns(delays)
        self._core = core
        self._leave = leave
        self._opening: asyncio.Task[None] | None = None
        super().__init__(self._turns.asterisk_says)

    @override
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        cast("asyncio.Transport", transport).pause_reading()
        self._opening = asyncio.get_running_loop().create_task(self._open())

    @override
    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        self._leave(self)

    async def _open(self) -> None:
        loop = asyncio.get_running_loop()
        try:
            _, end = await loop.create_connection(lambda: _End(self._turns.core_says), *self._core)
        except OSError:
            self.close()
            return
        self.other, end.other = end, self
        if self.over:
            end.close()
        elif self._transport is not None:
            self._transport.resume_reading()


@contextmanager
def listening(port: int, core: tuple[str, int]) -> Iterator[Delays]:
    """Relay what comes in on 127.0.0.1:`port` to `core` until the end of the block."""
    delays, ends = Delays(), set[_AsteriskEnd]()
    loop = asyncio.new_event_loop()

    def begin() -> _AsteriskEnd:
        end = _AsteriskEnd(delays, core, leave=ends.discard)
        ends.add(end)
        return end

    async def end_all() -> None:
        server.close()
        for end in list(ends):
            end.close()
        while ends:  # noqa: ASYNC110 - each leaves once its connection is lost
            await asyncio.sleep(0.01)

    # In a thread of its own from the start: the caller's may have a loop that runs, as beside a browser.
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    opening = loop.create_server(begin, "127.0.0.1", port, backlog=500)
    server = asyncio.run_coroutine_threadsafe(opening, loop).result(timeout=10)
    try:
        yield delays
    finally:
        asyncio.run_coroutine_threadsafe(end_all(), loop).result(timeout=10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()
