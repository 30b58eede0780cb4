"""A call as it is spoken with: play, read keys, record a voice, ring somebody, hang up.

Each method is one or a few gateway commands. A method that needs the caller raises LineGoneError when the
caller is gone.
"""

import re
from collections.abc import Callable, Mapping, Sequence

from twisted.internet.defer import Deferred

from telephony.agi_wire import Reply, write_command

KEYS = "0123456789*"
"""Keys that cut a playback short. Not `#`: many press it after a code, when nothing is left to end."""
_OK = 200
_ASCII = re.compile("[1-9][0-9]{1,2}")
_ENTRY = re.compile("[0-9*A-D]{0,32}")


class LineGoneError(Exception):
    """The caller hung up, or Asterisk is gone."""


class Channel:
    """One answered call."""

    def __init__(self, headers: Mapping[str, str], send: Callable[[bytes], Deferred[Reply]]) -> None:
        """`headers` are those of the request; `send` performs one command."""
        self._headers = headers
        self._send = send

    @property
    def reference(self) -> str:
        """Asterisk's system name and unique id of the channel."""
        return self._headers.get("agi_uniqueid", "")

    def header(self, name: str) -> str:
        """Return a header of the request, empty when it was not given."""
        return self._headers.get(name, "")

    async def play(self, names: Sequence[str], *, stop_keys: str = "") -> str:
        """Play sounds one after the other. Return the key that cut them short, empty when none did."""
        for name in names:
            key = await self._key("STREAM FILE", name, stop_keys)
            if key:
                return key
        return ""

    async def read(self, names: Sequence[str], *, digits: int, seconds: float) -> str:
        """Play, cut short by the first key, and read up to `digits` keys.

        `#` ends the entry (alone it is no entry and is passed over once); so do `seconds` without a key.
        """
        key = await self.play(names if digits == 1 else names[:-1], stop_keys=KEYS)
        if digits > 1:
            last = "" if key else "".join(names[-1:])
            return key + await self._read_several(last, digits - len(key), seconds)
        return key or await self._read_one(seconds)

    async def set_variable(self, name: str, value: str) -> None:
        """Set a channel variable. Also works when the caller is gone."""
        await self._send(write_command("SET VARIABLE", name, arguments=(value,)))

    async def record(self, path: str, *, seconds: float, silence: float) -> bool:
        """Record the caller to `path`.wav until `#`, `silence` or `seconds`. Return whether it holds sound.

        A caller who hangs up while speaking has left a recording too.
        """
        milliseconds = str(round(seconds * 1000))
        reply = await self._send(
            write_command(
                "RECORD FILE", arguments=(path, "wav", "#", milliseconds, "BEEP", f"s={round(silence)}")
            )
        )
        return reply.code == _OK and reply.end > 0

    async def dial(self, target: str, *, seconds: float, talk_seconds: int) -> bool:
        """Ring `target` and join both. Return, after the conversation, whether somebody had answered."""
        await self.set_variable("TIMEOUT(absolute)", str(talk_seconds))
        await self._send(write_command("EXEC Dial", arguments=(f"{target},{round(seconds)}",)))
        reply = await self._send(write_command("GET VARIABLE", "DIALSTATUS"))
        return reply.detail == "ANSWER"

    async def hang_up(self) -> None:
        """End the call."""
        await self._send(write_command("HANGUP"))

    async def _read_several(self, name: str, digits: int, seconds: float) -> str:
        keys, timed_out = await self._get_data(name, digits, seconds)
        if not keys and not timed_out:
            keys, _ = await self._get_data("", digits, seconds)
        return keys

    async def _get_data(self, name: str, digits: int, seconds: float) -> tuple[str, bool]:
        milliseconds = str(round(seconds * 1000))
        reply = await self._line(write_command("GET DATA", arguments=(name, milliseconds, str(digits))))
        keys = reply.result if _ENTRY.fullmatch(reply.result) else ""
        return keys, reply.detail == "timeout"

    async def _read_one(self, seconds: float) -> str:
        if seconds <= 0:
            return ""
        key = await self._key("WAIT FOR DIGIT", str(round(seconds * 1000)))
        if key == "#":
            key = await self._key("WAIT FOR DIGIT", str(round(seconds * 1000)))
        return key if key in KEYS else ""

    async def _key(self, command: str, *arguments: str) -> str:
        reply = await self._line(write_command(command, arguments=arguments))
        return chr(int(reply.result)) if _ASCII.fullmatch(reply.result) else ""

    async def _line(self, command: bytes) -> Reply:
        """Send a command that needs the caller."""
        reply = await self._send(command)
        if reply.code != _OK or reply.result == "-1":
            raise LineGoneError
        return reply
