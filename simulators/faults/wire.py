"""Links that can be harmed: a small TCP relay on loopback for each, all in one thread of their own."""

import asyncio
import contextlib
import socket
import struct
import threading
from collections.abc import Coroutine
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

HOST = "127.0.0.1"
_CHUNK = 65536
_RESET_ON_CLOSE = struct.pack("ii", 1, 0)


class Harm(StrEnum):
    """What is done to a link."""

    DELAY = "delay"
    DROP = "drop"
    HALF_CLOSE = "half-close"
    RESET = "reset"


@dataclass(eq=False, slots=True)
class _Pair:
    """One connection through the relay, as its two ends."""

    near: asyncio.StreamWriter
    far: asyncio.StreamWriter
    spoilt: bool = False  # bytes were swallowed: it must not go on

    def reset(self) -> None:
        for writer in (self.near, self.far):
            end = writer.get_extra_info("socket")
            with contextlib.suppress(OSError, AttributeError):
                end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET_ON_CLOSE)
            writer.transport.abort()


class Wire:
    """A link to `target`, entered at `port`. `harm` and `heal` may be called from any thread."""

    def __init__(self, relays: "Relays", name: str, target: tuple[str, int]) -> None:
        """Listen; `relays` carries it."""
        self.name = name
        self.touched = 0  # connections and pieces of data that the present harm met
        self._relays = relays
        self._target = target
        self._harm: Harm | None = None
        self._seconds = 0.0
        self._pairs: set[_Pair] = set()
        self._server: asyncio.Server | None = None
        self.port: int = relays.run(self._listen())

    def harm(self, harm: Harm, *, seconds: float = 0.0) -> None:
        """Harm the link until `heal`. `seconds`: how long each piece of data is delayed."""
        self._relays.run(self._begin(harm, seconds))

    def heal(self) -> None:
        """Let data pass again; connections that lost some are reset."""
        self._relays.run(self._end())

    def close(self) -> None:
        """Listen no more."""
        if self._server is not None:
            self._relays.run(self._shut(self._server))

    async def _shut(self, server: asyncio.Server) -> None:
        server.close()
        for pair in list(self._pairs):
            pair.reset()

    async def _listen(self) -> int:
        self._server = server = await asyncio.start_server(self._join, HOST, 0)
        port: int = server.sockets[0].getsockname()[1]
        return port

    async def _begin(self, harm: Harm, seconds: float) -> None:
        self._harm, self._seconds, self.touched = harm, seconds, 0
        if harm in (Harm.RESET, Harm.HALF_CLOSE):
            for pair in list(self._pairs):
                self._touch(pair)

    async def _end(self) -> None:
        self._harm = None
        for pair in list(self._pairs):
            if pair.spoilt:
                pair.reset()

    def _touch(self, pair: _Pair) -> None:
        """Break a connection as the present harm does."""
        self.touched += 1
        pair.spoilt = True
        if self._harm is Harm.RESET:
            pair.reset()
        else:
            with contextlib.suppress(OSError, RuntimeError):
                pair.far.write_eof()

    async def _join(self, near_in: asyncio.StreamReader, near_out: asyncio.StreamWriter) -> None:
        try:
            far_in, far_out = await asyncio.open_connection(*self._target)
        except OSError:
            near_out.transport.abort()
            return
        pair = _Pair(near_out, far_out)
        self._pairs.add(pair)
        if self._harm in (Harm.RESET, Harm.HALF_CLOSE):
            self._touch(pair)
        try:
            async with asyncio.TaskGroup() as both:
                both.create_task(self._carry(pair, near_in, far_out))
                both.create_task(self._carry(pair, far_in, near_out))
        finally:
            self._pairs.discard(pair)
            for writer in (near_out, far_out):
                writer.transport.abort() if pair.spoilt else writer.close()

    async def _carry(self, pair: _Pair, source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        try:
            while data := await source.read(_CHUNK):
                match self._harm:
                    case Harm.DROP | Harm.HALF_CLOSE:
                        self.touched += 1
                        pair.spoilt = True
                        continue
                    case Harm.DELAY:
                        self.touched += 1
                        await asyncio.sleep(self._seconds)
                sink.write(data)
                await sink.drain()
            if not pair.spoilt and sink.can_write_eof():
                sink.write_eof()
        except OSError:  # one end was reset: the other one hears of it
            pair.reset()


class Relays:
    """The thread in which all links live."""

    def __init__(self) -> None:
        """Start it; it dies with the program."""
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="wires", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """End every link and the thread."""
        self.run(self._cancel())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(timeout=10)
        self._loop.close()

    async def _cancel(self) -> None:
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def run[T](self, work: Coroutine[Any, Any, T]) -> T:
        """Run something in that thread and return what it returns."""
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(timeout=10)
