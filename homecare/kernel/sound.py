"""Sound as a telephone carries it: 8 kHz, mono, 16 bits. Pure arithmetic on samples."""

import io
import wave

import numpy as np
from numpy.typing import NDArray

RATE = 8000
_FULL = 32767.0
_LOUDEST = 0.7 * _FULL
_SILENCE = 300  # of 32767: below it nobody speaks
_LEAD, _TAIL = RATE // 50, RATE // 12  # kept around the words, so that pieces join without haste

type Samples = NDArray[np.float64]
"""Mono samples, full scale ±32767."""


def resample(samples: Samples, rate: int) -> Samples:
    """Return `samples`, taken at `rate` a second, at `RATE`: the spectrum is cut where the telephone ends.

    By the Fourier transform of the whole, with the ends padded so that they do not run into each other.
    """
    if rate == RATE or not samples.size:
        return samples
    pad = rate // 10 - (rate // 10) % (rate // np.gcd(rate, RATE))
    padded = np.concatenate((np.zeros(pad), samples, np.zeros(pad)))
    length = round(padded.size * RATE / rate)
    spectrum = np.fft.rfft(padded)[: length // 2 + 1]
    narrow = np.fft.irfft(spectrum, length) * (length / padded.size)
    cut = round(pad * RATE / rate)
    return np.asarray(narrow[cut : cut + round(samples.size * RATE / rate)], dtype=np.float64)


def trim(samples: Samples) -> Samples:
    """Return samples at `RATE` without the silence before and after the words; none when all is silent."""
    loud = np.flatnonzero(np.abs(samples) > _SILENCE)
    if loud.size == 0:
        return samples[:0]
    return samples[max(0, loud[0] - _LEAD) : loud[-1] + _TAIL]


def normalise(samples: Samples) -> Samples:
    """Return samples whose loudest is at -3 dB, so that every piece of a sentence is as loud as the next."""
    loudest = np.abs(samples).max(initial=0.0)
    return samples * (_LOUDEST / loudest) if loudest else samples


def to_pcm(samples: Samples) -> bytes:
    """Return samples as 16-bit little-endian PCM, cut at full scale."""
    return bytes(np.clip(np.round(samples), -_FULL, _FULL).astype("<i2").tobytes())


def wav(pcm: bytes) -> bytes:
    """Return 16-bit mono PCM at `RATE` as a WAV file."""
    file = io.BytesIO()
    with wave.open(file, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(RATE)
        sound.writeframes(pcm)
    return file.getvalue()
