"""A recording that somebody chose: what is accepted comes out right, everything else is refused in words."""

import io
import wave
import zipfile

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from homecare.kernel.errors import InvalidError
from homecare.kernel.sound import RATE, resample
from homecare.punches.prompt_sound import LARGEST_BYTES, make_prompt
from tests.recordings import Kind, Samples, pack, recording, voice, wav_file


def heard(made: bytes) -> Samples:
    with wave.open(io.BytesIO(made)) as file:
        assert (file.getnchannels(), file.getsampwidth(), file.getframerate()) == (1, 2, RATE)
        return np.frombuffer(file.readframes(file.getnframes()), dtype="<i2").astype(np.float64)


def likeness(made: bytes, spoken: Samples) -> float:
    """How much of the voice is in what was made: 1 is all of it, in its time and pitch."""
    samples = heard(made)
    size = len(samples) + len(spoken)
    fit = np.fft.irfft(np.fft.rfft(samples, size) * np.conj(np.fft.rfft(spoken, size)), size)
    return float(fit.max() / np.sqrt((samples**2).sum() * (spoken**2).sum()))


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize("rate", [8000, 11_025, 16_000, 22_050, 44_100, 48_000, 96_000])
@pytest.mark.parametrize("channels", [1, 2])
def test_every_usual_recording_becomes_what_the_telephone_plays(kind: Kind, rate: int, channels: int) -> None:
    made, seconds = make_prompt(recording(kind=kind, rate=rate, channels=channels))
    assert likeness(made, resample(voice(rate, silence=0), rate)) > 0.99
    assert seconds == pytest.approx(1.2, abs=0.15)
    assert seconds == len(heard(made)) / RATE
    assert np.abs(heard(made)).max() == pytest.approx(0.7 * 32767, rel=0.01)


@pytest.mark.parametrize("kind", [Kind.S16, Kind.S24, Kind.F32])
def test_the_extended_header_of_recorders_is_read(kind: Kind) -> None:
    made, _ = make_prompt(wav_file(pack(voice(44_100), kind), kind=kind, extensible=True))
    assert likeness(made, resample(voice(44_100, silence=0), 44_100)) > 0.99


def test_a_faint_voice_is_made_as_loud_as_any_other_and_a_constant_taken_away() -> None:
    faint = voice(16_000, loud=0.02) + 0.2
    made, _ = make_prompt(wav_file(pack(faint, Kind.S16), rate=16_000))
    assert np.abs(heard(made)).max() == pytest.approx(0.7 * 32767, rel=0.01)
    assert abs(heard(made).mean()) < 100


def in_a_zip() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("message.wav", recording())
    return file.getvalue()


SOUND = pack(voice(44_100), Kind.S16)
WHOLE = recording()
REFUSED = {
    "nothing": (b"", "vide"),
    "a text": (b"Bonjour. Votre code ?", "pas un son WAV"),
    "a zip with another name": (in_a_zip(), "pas un son WAV"),
    "an MP3 with another name": (b"ID3\x04\x00" + bytes(2000), "pas un son WAV"),
    "an AVI": (WHOLE[:8] + b"AVI " + WHOLE[12:], "pas un son WAV"),
    "the beginning alone": (WHOLE[:12], "pas un son WAV"),
    "a header alone": (WHOLE[:36], "incomplet"),
    "cut short": (WHOLE[: len(WHOLE) // 2], "incomplet"),
    "more than there is": (wav_file(SOUND, said=len(SOUND) + 2), "incomplet"),
    "four gigabytes, it says": (wav_file(SOUND, said=0xFFFFFFFF), "incomplet"),
    "no sound": (wav_file(b""), "aucun son"),
    "half a sample": (wav_file(b"\1"), "aucun son"),
    "compressed": (wav_file(SOUND, tag=85), "PCM"),
    "telephone's own law": (wav_file(SOUND, tag=7, bits=8), "PCM"),
    "twelve bits": (wav_file(SOUND, bits=12, frame=2), "PCM"),
    "frames that do not add up": (wav_file(SOUND, frame=7), "PCM"),
    "no channel": (wav_file(SOUND, channels=0, frame=0), "PCM"),
    "too many channels": (wav_file(SOUND, channels=60_000, frame=120_000 % 65_536), "PCM"),
    "no rate": (wav_file(SOUND, rate=0), "PCM"),
    "a rate of four thousand million": (wav_file(SOUND, rate=0xFFFFFFFF - 1, frame=2, said=0), "PCM"),
    "numbers that are none": (
        wav_file(np.full(40_000, np.nan, dtype="<f4").tobytes(), kind=Kind.F32),
        "pas un son WAV",
    ),
    "silence": (wav_file(bytes(88_200)), "On n’entend rien"),
    "a constant": (wav_file(pack(np.full(44_100, 0.5), Kind.S16)), "On n’entend rien"),
    "what a microphone hears of nobody": (recording(loud=0.001), "On n’entend rien"),
    "a click": (recording(seconds=0.06), "trop court"),
    "half a minute": (recording(seconds=30, rate=8000), "plus de 20 secondes"),
    "ten minutes": (wav_file(bytes(600 * 8000), kind=Kind.U8, rate=8000), "plus de 20 secondes"),
    "too large": (WHOLE + bytes(LARGEST_BYTES), "10 Mo"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_cannot_be_played_or_heard_is_refused_in_words(what: str) -> None:
    content, words = REFUSED[what]
    with pytest.raises(InvalidError, match=words):
        make_prompt(content)


def accepted_or_refused(content: bytes) -> None:
    try:
        made, _seconds = make_prompt(content)
    except InvalidError:
        return
    assert len(heard(made)) > 0


SHORT = recording(rate=8000, seconds=0.5)


@given(st.binary(max_size=300))
@settings(max_examples=300)
def test_any_bytes_after_a_header_are_accepted_or_refused(rest: bytes) -> None:
    accepted_or_refused(b"RIFF\0\0\0\0WAVE" + rest)


@given(
    st.dictionaries(st.integers(0, 60), st.integers(0, 255), min_size=1, max_size=6),
    st.integers(0, len(SHORT)),
)
@settings(max_examples=300)
def test_any_damage_is_accepted_or_refused(damage: dict[int, int], lost: int) -> None:
    damaged = bytearray(SHORT)
    for place, byte in damage.items():
        damaged[place] = byte
    accepted_or_refused(bytes(damaged))
    accepted_or_refused(bytes(damaged[:lost]))
