"""Recognises a sound in a recording, as one recognises a tune: by how well it lies over it."""

import wave
from pathlib import Path

import numpy as np
from numpy.typing import NDArray


def likeness(recording: Path, sound: Path) -> float:
    """Return how much of `sound` is in `recording` where it fits best: 1 is the sound itself."""
    tune = _samples(sound)
    heard = np.concatenate((_samples(recording), np.zeros(len(tune))))
    size = len(heard) + len(tune)
    fit = np.fft.irfft(np.fft.rfft(heard, size) * np.conj(np.fft.rfft(tune, size)), size)
    places = len(heard) - len(tune) + 1
    energy = np.concatenate(([0.0], np.cumsum(heard**2)))
    local = energy[len(tune) : len(tune) + places] - energy[:places]
    return float(np.max(fit[:places] / np.sqrt(np.maximum(local, 1.0) * np.sum(tune**2))))


def _samples(path: Path) -> NDArray[np.float64]:
    with wave.open(str(path)) as file:
        return np.frombuffer(file.readframes(file.getnframes()), dtype="<i2").astype(np.float64)
