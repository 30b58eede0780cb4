"""Makes of a recording that somebody chose what the telephone plays, or says why not. Pure."""

import numpy as np

from homecare.kernel.errors import InvalidError
from homecare.kernel.sound import RATE, Samples, normalise, resample, to_pcm, trim, wav
from homecare.kernel.wav_file import read_wav

LARGEST_BYTES = 10 * 1024 * 1024
LONGEST_SECONDS = 20.0
"""The worker stands in a stairwell: no phrase of ours lasts half as long."""
_SHORTEST_SECONDS = 0.2
_MOMENT = RATE // 20  # a syllable is louder than this for as long
_FAINTEST = 100  # of 32767, -50 dB: what a microphone hears when nobody speaks


def make_prompt(content: bytes) -> tuple[bytes, float]:
    """Return the WAV file that Asterisk plays (8 kHz, mono, 16 bits) and its seconds.

    Trimmed to its words and as loud as the standard voice, because pieces of both make one sentence. Raises
    `InvalidError`, in words for whoever chose the file.
    """
    if len(content) > LARGEST_BYTES:
        raise InvalidError("Ce fichier dépasse 10 Mo : coupez-le, ou enregistrez-le en 16 bits.")
    if not content:
        raise InvalidError("Ce fichier est vide.")
    samples, rate = read_wav(content, longest_seconds=LONGEST_SECONDS)
    narrow = resample(samples - samples.mean(), rate)  # a cheap microphone's constant is not heard
    if _loudest_moment(narrow) < _FAINTEST:
        raise InvalidError("On n’entend rien dans ce fichier : parlez plus près du micro.")
    words = trim(normalise(narrow))
    seconds = words.size / RATE
    if seconds < _SHORTEST_SECONDS:
        raise InvalidError("Ce son est trop court pour être compris.")
    return wav(to_pcm(words)), seconds


def _loudest_moment(samples: Samples) -> float:
    """Return the root mean square of the loudest twentieth of a second."""
    power = np.convolve(samples**2, np.full(_MOMENT, 1 / _MOMENT))
    return float(np.sqrt(power.max(initial=0.0)))
