"""Recordings as people's machines make them: a voice between two silences, in any kind of WAV file."""

import struct
from enum import Enum
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

PCM, FLOAT, EXTENSIBLE = 1, 3, 0xFFFE
PITCHES = (220.0, 330.0, 262.0, 392.0)

type Samples = NDArray[np.float64]


class Kind(Enum):
    """(format tag, bits) of a WAV file."""

    U8 = (PCM, 8)
    S16 = (PCM, 16)
    S24 = (PCM, 24)
    S32 = (PCM, 32)
    F32 = (FLOAT, 32)
    F64 = (FLOAT, 64)


def voice(rate: int, *, seconds: float = 1.2, silence: float = 0.4, loud: float = 0.3) -> Samples:
    """Return four notes with an overtone each, between two silences. Full scale is 1."""
    bounds = np.linspace(0, seconds, len(PITCHES) + 1)
    notes = []
    for pitch, (start, end) in zip(PITCHES, pairwise(bounds), strict=True):
        time = np.arange(round((end - start) * rate)) / rate
        notes.append(np.sin(2 * np.pi * pitch * time) + 0.5 * np.sin(6 * np.pi * pitch * time))
    quiet = np.zeros(round(silence * rate))
    return np.concatenate((quiet, loud * np.concatenate(notes) / 1.5, quiet))


def pack(samples: Samples, kind: Kind) -> bytes:
    """Return samples (full scale 1) as the bytes of a WAV file's sound."""
    tag, bits = kind.value
    if tag == FLOAT:
        return samples.astype("<f4" if bits == Kind.F32.value[1] else "<f8").tobytes()
    if kind is Kind.U8:
        return (np.round(samples * 127) + 128).astype("u1").tobytes()
    whole = np.round(samples * (2 ** (bits - 1) - 1)).astype("<i4").tobytes()
    return np.frombuffer(whole, dtype=np.uint8).reshape(-1, 4)[:, : bits // 8].tobytes()


def wav_file(
    sound: bytes, *, kind: Kind = Kind.S16, rate: int = 44_100, channels: int = 1, **lies: Any
) -> bytes:
    """Return a WAV file. `lies` are what its header claims instead: tag, bits, frame, said, extensible."""
    tag, bits = kind.value
    tag, bits = lies.get("tag", tag), lies.get("bits", bits)
    frame = lies.get("frame", channels * bits // 8)
    form = struct.pack("<HHIIHH", tag, channels, rate, rate * frame % 2**32, frame, bits)
    if lies.get("extensible"):
        guid = bytes.fromhex("000000001000800000aa00389b71")
        form = struct.pack("<H", EXTENSIBLE) + form[2:]
        form += struct.pack("<HHIH", 22, bits, 4, tag) + guid
    pieces = b"fmt " + struct.pack("<I", len(form)) + form
    pieces += b"LIST" + struct.pack("<I", 5) + b"INFO.\0"  # an odd piece that players pass over
    pieces += b"data" + struct.pack("<I", lies.get("said", len(sound))) + sound
    return b"RIFF" + struct.pack("<I", 4 + len(pieces)) + b"WAVE" + pieces


def recording(
    *, kind: Kind = Kind.S16, rate: int = 44_100, channels: int = 1, seconds: float = 1.2, loud: float = 0.3
) -> bytes:
    """Return somebody's recording of a phrase."""
    spoken = voice(rate, seconds=seconds, loud=loud)
    return wav_file(pack(np.repeat(spoken, channels), kind), kind=kind, rate=rate, channels=channels)
