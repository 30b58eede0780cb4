"""Recognises in what a caller heard the sentence that confirms the punch."""

from pathlib import Path

from simulators.handset.tunes import likeness, read_sound

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
