"""Recognises sentences in what was heard, as one recognises a tune. Pure, but for reading sound files."""

import wave
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

RATE = 8000
"""Samples a second."""

type Sound = NDArray[np.float64]


def read_sound(path: Path) -> Sound:
    """Read an 8 kHz mono 16-bit WAV file."""
    with wave.open(str(path)) as file:
        return np.frombuffer(file.readframes(file.getnframes()), dtype="<i2").astype(np.float64)


def likeness(heard: Sound, tune: Sound) -> float:
    """Return how much of `tune` is in `heard`, where it fits best: 1 is the tune itself."""
    return float(np.max(_fits(heard, tune), initial=0.0))


def places(heard: Sound, tune: Sound, *, enough: float = 0.8) -> list[int]:
    """Return at which samples of `heard` the tune begins, each time that it is there."""
    fits = _fits(heard, tune)
    found: list[int] = []
    while len(fits) and fits.max() >= enough:
        best = int(fits.argmax())
        found.append(best)
        fits[max(0, best - len(tune)) : best + len(tune)] = 0.0
    return sorted(found)


def _fits(heard: Sound, tune: Sound) -> Sound:
    """Return how well the tune fits at each place: 1 is the tune itself."""
    if len(heard) < len(tune):
        return np.zeros(0)
    size = 1 << (len(heard) + len(tune)).bit_length()
    fit = np.fft.irfft(np.fft.rfft(heard, size) * np.conj(np.fft.rfft(tune, size)), size)
    count = len(heard) - len(tune) + 1
    energy = np.concatenate(([0.0], np.cumsum(heard**2)))
    local = energy[len(tune) : len(tune) + count] - energy[:count]
    found: Sound = fit[:count] / np.sqrt(np.maximum(local, 1.0) * np.sum(tune**2))
    return found
