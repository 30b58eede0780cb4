"""Recognises in what a caller heard the sentence that confirms the punch, as one recognises a tune. Pure."""

import wave
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

_ENOUGH = 0.8
CONFIRMATIONS = {
    "arrival_at": "stored",
    "departure_at": "stored",
    "punch_at": "stored",
    "kept_at": "kept",
    "conflict": "conflict",
    "three_errors": "refused",
    "sorry": "given_back",
    "unavailable": "given_back",
}
"""Sound files of the telephone, and what they tell the caller."""

type Sound = NDArray[np.float64]


def read_sound(path: Path) -> Sound:
    """Read an 8 kHz mono 16-bit WAV file."""
    with wave.open(str(path)) as file:
        return np.frombuffer(file.readframes(file.getnframes()), dtype="<i2").astype(np.float64)


def likeness(heard: Sound, tune: Sound) -> float:
    """Return how much of `tune` is in `heard`, where it fits best: 1 is the tune itself."""
    if len(heard) < len(tune):
        return 0.0
    size = 1 << (len(heard) + len(tune)).bit_length()
    fit = np.fft.irfft(np.fft.rfft(heard, size) * np.conj(np.fft.rfft(tune, size)), size)
    places = len(heard) - len(tune) + 1
    energy = np.concatenate(([0.0], np.cumsum(heard**2)))
    local = energy[len(tune) : len(tune) + places] - energy[:places]
    return float(np.max(fit[:places] / np.sqrt(np.maximum(local, 1.0) * np.sum(tune**2))))


class Ear:
    """Knows the sentences that confirm."""

    def __init__(self, prompts_dir: Path) -> None:
        """Read them from the folder of the telephone's sounds. Raises FileNotFoundError."""
        self._tunes = {name: read_sound(prompts_dir / "fr" / f"{name}.wav") for name in CONFIRMATIONS}

    def recognise(self, recording: Path) -> str | None:
        """Return what the caller was told, None when no sentence is recognised."""
        heard = read_sound(recording)
        fits = {name: likeness(heard, tune) for name, tune in self._tunes.items()}
        best = max(fits, key=lambda name: fits[name])
        return CONFIRMATIONS[best] if fits[best] >= _ENOUGH else None
