"""A telephone in the district of a running agency, and a good ear."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from simulators.handset.call import CallReport, place_call
from telephony.prompts import Prompts, read_wording
from telephony.speech import Spoken
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

    def heard(self, sound: Spoken) -> bool:
        folder = self.agency.settings.prompts_dir
        prompts = Prompts(read_wording("fr"), folder)
        (name,) = prompts.render([sound])
        return likeness(self.recording, folder / f"{name}.wav") > 0.9

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        with self.agency.connect() as conn:
            return conn.execute(query).fetchall()
