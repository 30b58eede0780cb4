"""Reads a WAV file as people's machines write them. Nothing that its header says is believed. Pure.

Plain PCM of 8, 16, 24 or 32 bits and floating point of 32 or 64, any usual rate, up to eight channels, which
become one (RIFF/WAVE, Multimedia Programming Interface 1.0 with WAVE_FORMAT_EXTENSIBLE).
"""

import struct
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from homecare.kernel.errors import InvalidError
from homecare.kernel.sound import Samples

_PCM, _FLOAT, _EXTENSIBLE = 1, 3, 0xFFFE
_FORMAT = struct.Struct("<HHIIHH")
_GUID = bytes.fromhex("000000001000800000aa00389b71")  # of every WAVE_FORMAT_… in an extensible one
_RATES = range(8000, 192_001)
_CHANNELS = range(1, 9)
_MOST_PIECES = 100
_FULL = 32767.0

_NO_WAV = "Ce fichier n’est pas un son WAV. Enregistrez-le en WAV, puis recommencez."
_CUT_SHORT = "Ce fichier est incomplet : il lui manque une partie du son. Enregistrez-le de nouveau."
_EMPTY = "Ce fichier ne contient aucun son."
_COMPRESSED = "Ce WAV est d’une sorte que nous ne lisons pas. Enregistrez-le en WAV PCM, puis recommencez."


@dataclass(frozen=True, slots=True)
class _Format:
    tag: int
    channels: int
    rate: int
    bits: int

    @property
    def frame(self) -> int:
        """Bytes of one instant, all channels."""
        return self.channels * self.bits // 8


def read_wav(content: bytes, *, longest_seconds: float) -> tuple[Samples, int]:
    """Return the samples as one channel, full scale ±32767, and their rate a second.

    Raises `InvalidError`, in words for whoever chose the file.
    """
    if content[:4] != b"RIFF" or content[8:12] != b"WAVE":
        raise InvalidError(_NO_WAV)
    form, data = _find_pieces(content)
    read = _READERS.get((form.tag, form.bits))
    if read is None or form.channels not in _CHANNELS or form.rate not in _RATES:
        raise InvalidError(_COMPRESSED)
    frames = len(data) // form.frame
    if not frames:
        raise InvalidError(_EMPTY)
    if frames > longest_seconds * form.rate:
        raise InvalidError(f"Ce son dure plus de {longest_seconds:.0f} secondes : coupez-le.")
    samples = read(data[: frames * form.frame])
    if not np.isfinite(samples).all():
        raise InvalidError(_NO_WAV)
    return samples.reshape(-1, form.channels).mean(axis=1), form.rate


def _find_pieces(content: bytes) -> tuple[_Format, memoryview]:
    """Return the format and the sound; every other piece is passed over."""
    form, at = None, 12
    for _ in range(_MOST_PIECES):
        head = content[at : at + 8]
        if len(head) < 8:  # noqa: PLR2004 - a name and a size
            break
        name, size = struct.unpack("<4sI", head)
        at += 8
        if size > len(content) - at:
            raise InvalidError(_CUT_SHORT)
        if name == b"fmt ":
            form = _read_format(content[at : at + size])
        elif name == b"data" and form is not None:
            return form, memoryview(content)[at : at + size]
        at += size + size % 2
    raise InvalidError(_NO_WAV if form is None else _CUT_SHORT)


def _read_format(piece: bytes) -> _Format:
    if len(piece) < _FORMAT.size:
        raise InvalidError(_NO_WAV)
    tag, channels, rate, _bytes, frame, bits = _FORMAT.unpack_from(piece)
    if tag == _EXTENSIBLE and piece[26:40] == _GUID:
        (tag,) = struct.unpack_from("<H", piece, 24)
    form = _Format(tag, channels, rate, bits)
    if frame != form.frame:
        raise InvalidError(_COMPRESSED)
    return form


def _read_24(data: memoryview) -> Samples:
    whole = np.zeros((len(data) // 3, 4), dtype=np.uint8)
    whole[:, 1:] = np.frombuffer(data, dtype=np.uint8).reshape(-1, 3)
    return whole.view("<i4")[:, 0] * (_FULL / 2**31)


def _reader(kind: str, unit: float, zero: float = 0.0) -> Callable[[memoryview], Samples]:
    def read(data: memoryview) -> Samples:
        return (np.frombuffer(data, dtype=kind).astype(np.float64) - zero) * (_FULL / unit)

    return read


_READERS: dict[tuple[int, int], Callable[[memoryview], Samples]] = {
    (_PCM, 8): _reader("u1", 2**7, 2**7),
    (_PCM, 16): _reader("<i2", 2**15),
    (_PCM, 24): _read_24,
    (_PCM, 32): _reader("<i4", 2**31),
    (_FLOAT, 32): _reader("<f4", 1.0),
    (_FLOAT, 64): _reader("<f8", 1.0),
}
