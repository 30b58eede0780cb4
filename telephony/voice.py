"""The synthetic voices: text in, 8 kHz mono 16-bit PCM out. They never write a file.

SVOX Pico (py-nanotts) speaks in process; espeak-ng, for the languages that Pico lacks, is a command. Texts
come from the wording and from the agency, never from a caller.
"""

import io
import re
import subprocess
import wave
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from py_nanotts import NanoTTS  # type: ignore[import-untyped]

from homecare.kernel.sound import Samples, normalise, resample, to_pcm, trim

_LONGEST = 500  # characters
_ESPEAK_WORDS = 175  # a minute, at speed 1
_ESPEAK_SECONDS = 20.0


class Engine(StrEnum):
    """Who speaks. Part of every cache key: change the value when the treatment changes what is heard."""

    PICO = "pico-1"
    ESPEAK = "espeak-1"


@dataclass(frozen=True, slots=True)
class Voice:
    """An engine's voice, `speed` 1 being its own pace."""

    engine: Engine
    name: str
    speed: float


class VoiceError(Exception):
    """The voice could not be made to speak: its command is missing, or failed."""


def speak(text: str, voice: Voice, *, espeak: Sequence[str]) -> bytes:
    """Return `text` spoken, trimmed to its words and normalised to -3 dB. `espeak`: its command, in words.

    Raises ValueError when there is nothing to say, VoiceError. A few milliseconds of work, or for espeak a
    few dozen: call it in a thread.
    """
    words = _plain(text)
    if not words:
        raise ValueError("nothing to say")
    if voice.engine is Engine.PICO:
        return _finish(_speak_pico(words, voice))
    return _finish(_speak_espeak(words, voice, espeak))


def _plain(text: str) -> str:
    """Drop what a voice would obey: mark-up (`<volume …>`), and control characters."""
    return re.sub(r"[<>&\[\]\x00-\x1f\x7f]+", " ", text)[:_LONGEST].strip()


def _speak_pico(words: str, voice: Voice) -> Samples:
    """Halve Pico's 16 kHz behind a low-pass filter (the telephone's 3.4 kHz)."""
    pcm = np.frombuffer(NanoTTS().speak(words, voice=voice.name, speed=voice.speed), dtype="<i2")
    return np.asarray(np.convolve(pcm.astype(np.float64), _low_pass(), mode="same")[::2])


def _speak_espeak(words: str, voice: Voice, command: Sequence[str]) -> Samples:
    pace = str(round(_ESPEAK_WORDS * voice.speed))
    try:
        done = subprocess.run(  # noqa: S603 - a setting's words, no shell; the text goes in by the pipe
            [*command, "-b", "1", "-v", voice.name, "-s", pace, "--stdin", "--stdout"],
            input=words.encode(),
            capture_output=True,
            timeout=_ESPEAK_SECONDS,
            check=True,
        )
        with wave.open(io.BytesIO(done.stdout)) as sound:
            pcm = np.frombuffer(sound.readframes(sound.getnframes()), dtype="<i2")
            return resample(pcm.astype(np.float64), sound.getframerate())
    except (OSError, subprocess.SubprocessError, wave.Error, EOFError) as error:
        raise VoiceError(f"{command[0] if command else 'espeak-ng'}: {error}") from error


def _finish(narrow: Samples) -> bytes:
    return to_pcm(normalise(trim(narrow)))


def _low_pass(taps: int = 63, cutoff: float = 3500 / 16000) -> Samples:
    """Return a Hamming-windowed sinc."""
    offset = np.arange(taps) - taps // 2
    taper = np.sinc(2 * cutoff * offset) * np.hamming(taps)
    return np.asarray(taper / taper.sum(), dtype=np.float64)
