"""The telephone network around a real Asterisk: callers, the agency's duty phone, what is heard."""

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

from homecare.workers.model import Language
from simulators.handset.call import CallReport, place_call
from simulators.handset.duty import duty_phone
from simulators.handset.voice import Voice
from telephony.kept import KeptCall, Reader
from telephony.prompts import Prompts
from telephony.speech import Spoken
from telephony.wordings import read_wording
from tests.supervised import Supervised
from tests.telephony.agency import CALLED
from tests.telephony.hearing import likeness


class PhoneNetwork:
    """Everything that is outside of the agency's Asterisk."""

    def __init__(self, asterisk: Supervised) -> None:
        self._settings = asterisk.settings
        self._state = asterisk.state
        self._prompts = Prompts(read_wording(Language.FRENCH), asterisk.settings.prompts_dir)

    def call(
        self, caller: str | None, *keys: tuple[float, str], called: str = CALLED, **options: Any
    ) -> CallReport:
        """Place a call to the agency, and come back when it is over."""
        switch = (self._settings.sip_host, self._settings.sip_port)
        return place_call(called, caller, keys, switch=switch, **options)

    def call_at_once(
        self, callers: Sequence[tuple[str | None, tuple[float, str]]], **options: Any
    ) -> list[CallReport]:
        """Place several calls at the same moment."""
        start = threading.Barrier(len(callers))

        def one(caller: str | None, keys: tuple[float, str]) -> CallReport:
            start.wait()
            return self.call(caller, keys, **options)

        with ThreadPoolExecutor(len(callers)) as hands:
            return list(hands.map(one, *zip(*callers, strict=True)))

    def duty_phone(self, **options: Any) -> AbstractContextManager[Voice]:
        """The phone that the duty number rings."""
        return duty_phone(self._trunk_port(), **options)

    def hears(self, recording: Path, sound: Spoken) -> bool:
        """Tell whether a caller heard a phrase or words."""
        return likeness(recording, self._settings.prompts_dir / f"{self._prompts.name(sound)}.wav") > 0.9

    def render(self, *sounds: Spoken) -> None:
        """Have sounds rendered that the telephone itself may not say, to listen for them in vain."""
        self._prompts.render(sounds)

    def note(self, name: str) -> Path:
        """A recording that Asterisk made."""
        return self.kept_folder / name

    @property
    def kept_folder(self) -> Path:
        """Where the dialplan keeps calls."""
        return self._settings.kept_calls_dir

    def take_kept(self) -> list[KeptCall]:
        """Read what the dialplan kept, and remove it."""
        key = self._settings.kept_calls_key
        reader = Reader.load(key.with_suffix(".crt").read_bytes(), key.read_bytes())
        calls = []
        for file in sorted(self.kept_folder.iterdir()):
            calls.append(reader.open(file.read_bytes()))
            file.unlink()
        return calls

    def _trunk_port(self) -> int:
        lines = (self._state / "env").read_text().splitlines()
        return next(int(line.partition("=")[2]) for line in lines if line.startswith("PONCTUEL_TRUNK_PORT="))
