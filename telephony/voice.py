"""The synthetic voice: text in, 8 kHz mono 16-bit PCM out. The only file that knows py-nanotts (SVOX Pico).

It never writes a file and never sees a caller's words: texts come from the wording and from the agency.
"""

import re

import numpy as np
from numpy.typing import NDArray
from py_nanotts import NanoTTS  # type: ignore[import-untyped]

RATE = 8000  # what a telephone carries
ENGINE = "pico-1"  # part of every cache key: change it when the treatment below changes what is heard

_LONGEST = 500  # characters
_SILENCE = 300  # of 32767: below it Pico is silent
_LEAD, _TAIL = RATE // 50, RATE // 12  # kept around the words, so that pieces join without haste
_PEAK = 0.7 * 32767


def speak(text: str, *, voice: str, speed: float) -> bytes:
    """Return `text` spoken, trimmed to its words and normalised to -3 dB.

    Raises ValueError when there is nothing to say. A few milliseconds of work: call it in a thread.
    """
    words = _plain(text)
    if not words:
        raise ValueError("nothing to say")
    pcm = np.frombuffer(NanoTTS().speak(words, voice=voice, speed=speed), dtype="<i2")
    return _telephone(pcm)


def _plain(text: str) -> str:
    """Drop what Pico would obey: its mark-up (`<volume …>`), and control characters."""
    return re.sub(r"[<>&\x00-\x1f\x7f]+", " ", text)[:_LONGEST].strip()


def _telephone(pcm: NDArray[np.int16]) -> bytes:
    """Halve Pico's 16 kHz behind a low-pass filter (the telephone's 3.4 kHz), trim, normalise."""
    narrow = np.convolve(pcm.astype(np.float64), _low_pass(), mode="same")[::2]
    loud = np.flatnonzero(np.abs(narrow) > _SILENCE)
    if loud.size == 0:
        return b""
    words = narrow[max(0, loud[0] - _LEAD) : loud[-1] + _TAIL]
    scaled = words * (_PEAK / np.abs(words).max())
    return bytes(scaled.astype("<i2").tobytes())


def _low_pass(taps: int = 63, cutoff: float = 3500 / 16000) -> NDArray[np.float64]:
    """Return a Hamming-windowed sinc."""
    offset = np.arange(taps) - taps // 2
    taper = np.sinc(2 * cutoff * offset) * np.hamming(taps)
    return np.asarray(taper / taper.sum(), dtype=np.float64)
