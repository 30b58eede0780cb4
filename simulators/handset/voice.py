"""Ear and mouth of the handset: an RTP socket that hears what is played and presses keys in its own stream.

Pressed keys are RFC 2833 events within A-law silence at 50 packets a second, sent to where the voice comes
from, as a telephone does. No privilege is needed, unlike SIPp's replay of captured packets.
"""

import math
import socket
import struct
import threading
import time
import wave
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Self

_FRAME = 160  # samples of 20 ms
_SILENCE = b"\xd5" * _FRAME
_PCMA, _EVENT = 8, 101
_KEYS = "0123456789*#ABCD"
_HEADER = struct.Struct("!BBHII")
_PAUSE = 0.2
"""Seconds without a packet that are a silence, not a slow network."""
_SOUNDING, _LAST, _WHOLE = 6, 3, 10
"""Frames of a key: sounding, then the end said thrice, then silence."""
TONE_SECONDS = _WHOLE * 0.02


def _linear(code: int) -> int:
    """One A-law byte as a 16-bit sample (ITU-T G.711)."""
    code ^= 0x55
    segment, step = (code & 0x70) >> 4, (code & 0x0F) << 4
    value = step + 8 if segment == 0 else (step + 0x108) << (segment - 1)
    return value if code & 0x80 else -value


_LINEAR = tuple(_linear(code) for code in range(256))


class Voice:
    """The voice side of one call, from its SDP to its end. Use as a context manager."""

    def __init__(
        self,
        presses: Sequence[tuple[float, str]] = (),
        *,
        on_voice: Callable[[tuple[str, int]], None] = lambda _: None,
    ) -> None:
        """`presses`: keys and the seconds to wait before them. `on_voice`: see `call.place_call`."""
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", 0))
        self._socket.settimeout(0.1)
        self._presses = presses
        self._on_voice = on_voice
        self._heard = bytearray()
        self._last_at = time.monotonic()
        self._silences: list[tuple[int, float]] = []
        self._peer: tuple[str, int] | None = None
        self._over = threading.Event()
        self._ear = threading.Thread(target=self._listen, daemon=True)
        self._mouth = threading.Thread(target=self._speak, daemon=True)

    def __enter__(self) -> Self:
        self._ear.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._ear.join()
        if self._mouth.ident is not None:
            self._mouth.join()
        self._socket.close()

    @property
    def port(self) -> int:
        """The port to name in the SDP."""
        return int(self._socket.getsockname()[1])

    @property
    def heard_seconds(self) -> float:
        """How much voice arrived."""
        return len(self._heard) / 8000

    @property
    def loudness(self) -> float:
        """Root mean square of what was heard, 1 being the loudest possible; 0 when nothing was."""
        if not self._heard:
            return 0.0
        return math.sqrt(sum(_LINEAR[code] ** 2 for code in self._heard) / len(self._heard)) / 32768

    def save(self, path: Path) -> None:
        """Write what was heard as a WAV file, with its silences: its times are those since the call began."""
        heard = bytearray(self._heard)
        for place, seconds in reversed(self._silences):
            heard[place:place] = _SILENCE * round(seconds * 50)
        with wave.open(str(path), "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(8000)
            file.writeframes(struct.pack(f"<{len(heard)}h", *(_LINEAR[code] for code in heard)))

    def _listen(self) -> None:
        while not self._over.is_set():
            try:
                packet, address = self._socket.recvfrom(2048)
            except TimeoutError:
                continue
            if len(packet) <= _HEADER.size or packet[1] & 0x7F != _PCMA:
                continue
            silent = time.monotonic() - self._last_at - 0.02
            if silent > _PAUSE:
                self._silences.append((len(self._heard), silent))
            self._last_at = time.monotonic()
            self._heard += packet[_HEADER.size :]
            if self._peer is None:
                self._peer = address
                self._on_voice(address)
                if self._presses:
                    self._mouth.start()

    def _speak(self) -> None:
        due = time.monotonic()
        for packet in voice_packets(self._presses):
            if self._over.is_set() or self._peer is None:
                return
            self._socket.sendto(packet, self._peer)
            due += 0.02
            time.sleep(max(0.0, due - time.monotonic()))


def voice_packets(presses: Sequence[tuple[float, str]], *, source: int = 0x70686F6E) -> Iterator[bytes]:
    """Yield RTP packets, one for each 20 ms, without end: silence with the keys in it."""
    sequence, stamp, pressed_at = 1000, 16000, 0
    for frame in _frames(presses):
        if frame is None:
            kind, at, body = _PCMA, stamp, _SILENCE
        else:
            key, index, last = frame
            pressed_at = stamp if index == 0 else pressed_at
            kind, at = _EVENT | (0x80 if index == 0 else 0), pressed_at
            body = struct.pack("!BBH", _KEYS.index(key), (0x80 if last else 0) | 10, (index + 1) * _FRAME)
        yield _HEADER.pack(0x80, kind, sequence, at, source) + body
        sequence = (sequence + 1) & 0xFFFF
        stamp = (stamp + _FRAME) & 0xFFFFFFFF


type _Frame = tuple[str, int, bool] | None


def _frames(presses: Sequence[tuple[float, str]]) -> Iterator[_Frame]:
    """Yield what each 20 ms hold: silence, or a key, its frame's number and whether it ends (said thrice)."""
    for wait, keys in presses:
        yield from [None] * round(wait * 50)
        for key in keys:
            yield from ((key, index, False) for index in range(_SOUNDING))
            yield from ((key, _SOUNDING - 1, True) for _ in range(_LAST))
            yield from [None] * (_WHOLE - _SOUNDING - _LAST)
    while True:
        yield None
