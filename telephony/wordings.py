"""The versioned text of the telephone, one file a language under `wording/`. Read by the back office too."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml

from homecare.workers.model import Language
from telephony.speech import Digits, Phrase, Spoken, TimeOfDay, Words
from telephony.spoken_time import spoken_time

WORDINGS = Path(__file__).parent / "wording"


@dataclass(frozen=True, slots=True)
class Wording:
    """The text of one language and the voice that reads it. Every phrase has its text."""

    language: Language
    engine: str
    voice: str
    speed: float
    phrases: Mapping[Phrase, str]

    def text_of(self, sound: Spoken) -> str:
        """Return what the voice is given to read."""
        match sound:
            case Phrase():
                return self.phrases[sound]
            case Words(text):
                return text
            case TimeOfDay():
                return spoken_time(sound, self.language)
            case Digits(digits):
                return " ".join(digits)


def read_wording(language: Language) -> Wording:
    """Read a wording file. Raises KeyError or ValueError when a phrase is missing or unknown."""
    content = yaml.safe_load((WORDINGS / f"{language.value}.yaml").read_text(encoding="utf-8"))
    texts = {Phrase(key): str(text) for key, text in content["phrases"].items()}
    return Wording(
        language=Language(content["language"]),
        engine=str(content["engine"]),
        voice=str(content["voice"]),
        speed=float(content["speed"]),
        phrases={phrase: texts[phrase] for phrase in Phrase},
    )
