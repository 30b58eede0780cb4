"""A telephone in the district of a running agency, and a good ear."""

import shlex
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from homecare.workers.model import Language
from simulators.handset.call import CallReport, place_call
from telephony.prompts import Prompts
from telephony.speech import Spoken
from telephony.wordings import read_wording
from tests.realtime.agency import Agency
from tests.telephony.hearing import likeness


@dataclass
class Phone:
    """Calls the agency for real, keeps what was heard, and reads what the call left."""

    agency: Agency
    recording: Path

    def call(self, caller: str | None, *keys: tuple[float, str], **options: Any) -> CallReport:
        settings = self.agency.settings
        return place_call(
            self.agency.called,
            caller,
            keys,
            switch=(settings.sip_host, settings.sip_port),
            **{"save_to": self.recording} | options,
        )

    def heard(self, sound: Spoken, language: Language = Language.FRENCH) -> bool:
        return self.fit(sound, language) > 0.9

    def fit(self, sound: Spoken, language: Language = Language.FRENCH) -> float:
        """Return how much of the sound is in what was heard: 1 is the sound itself."""
        settings = self.agency.settings
        folder = settings.prompts_dir
        prompts = Prompts(read_wording(language), folder, espeak=shlex.split(settings.espeak))
        (name,) = prompts.render([sound])
        return likeness(self.recording, folder / f"{name}.wav")

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        with self.agency.connect() as conn:
            return conn.execute(query).fetchall()
