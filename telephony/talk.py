"""The actions of the dialogue that use the line: speak, read keys, record a voice, ring the coordinator."""

import contextlib
import re
from collections.abc import Callable, Coroutine, Sequence
from typing import Any

from twisted.internet.defer import Deferred

from homecare.kernel.ids import OrganisationId
from homecare.workers.model import Language
from telephony.actions import Ask, GiveBack, HangUp, MarkDone, Say, Speak, TakeNote, Transfer
from telephony.channel import Channel, LineGoneError
from telephony.claims import Confirmed, Entry
from telephony.events import Event, Keyed, NoteTaken, Transferred
from telephony.speech import Spoken

RING_SECONDS = 25.0
TALK_SECONDS = 1800
NOTE_SECONDS = 90.0
NOTE_SILENCE = 4.0
ENTRY_VARIABLE, DONE_VARIABLE = "PONCTUEL_ENTRY", "PONCTUEL_DONE"
"""A call that comes back without the second is kept by the dialplan, with what the first says was keyed."""
OPERATOR = "operator"
"""Endpoint of pjsip.conf through which the agency calls out."""

_DUTY_NUMBER = re.compile(r"\+[0-9]{6,15}")

type Talked = Speak | Say | Ask | MarkDone | TakeNote | Transfer | GiveBack | HangUp
type Name = Callable[
    [Sequence[Spoken], Language, OrganisationId | None], Coroutine[Deferred[Any], Any, tuple[str, ...]]
]
"""Answers names of existing sound files, relative to the prompts folder, as the agency called says them."""


class Talk:
    """The line of one call. `prompts` and `notes` are folders as Asterisk sees them.

    French is spoken until the dialogue says otherwise: who calls is known by the code only.
    """

    def __init__(self, channel: Channel, name: Name, *, prompts: str, notes: str) -> None:
        self._channel = channel
        self._name = name
        self._prompts = prompts
        self._notes = notes
        self._taken = 0
        self._language = Language.FRENCH
        self._organisation: OrganisationId | None = None

    def speak_for(self, organisation: OrganisationId) -> None:
        """From now on be the voice of the organisation whose number was called."""
        self._organisation = organisation

    async def do(self, action: Talked) -> Event | None:
        """Do one thing; return the event that answers it, if any does. Raises LineGoneError."""
        match action:
            case Speak(language=language):
                self._language = language
            case Say(sounds=sounds):
                await self._channel.play(await self._paths(sounds))
            case Ask(sounds=sounds, digits=digits, seconds=seconds):
                paths = await self._paths(sounds)
                return Keyed(await self._channel.read(paths, digits=digits, seconds=seconds))
            case MarkDone():
                await self._channel.set_variable(DONE_VARIABLE, "1")
            case TakeNote(organisation=organisation):
                return NoteTaken(await self._take_note(organisation))
            case Transfer(number=number):
                return Transferred(await self._ring(number))
            case HangUp():
                await self._channel.hang_up()
            case GiveBack():
                pass
        return None

    async def hand_over(self, entry: Entry | Confirmed) -> None:
        """Tell the dialplan what was keyed: should the core die before its commit, it keeps the punch."""
        with contextlib.suppress(LineGoneError):
            await self._channel.set_variable(ENTRY_VARIABLE, entry.text())
            if isinstance(entry, Entry) and entry.rank > 1:
                await self._channel.set_variable(DONE_VARIABLE, "")

    async def _paths(self, sounds: tuple[Spoken, ...]) -> list[str]:
        names = await self._name(sounds, self._language, self._organisation)
        return [f"{self._prompts}/{name}" for name in names]

    async def _take_note(self, organisation: OrganisationId) -> str | None:
        self._taken += 1
        name = f"note-{organisation}-{self._channel.reference}-{self._taken}"
        path = f"{self._notes}/{name}"
        recorded = await self._channel.record(path, seconds=NOTE_SECONDS, silence=NOTE_SILENCE)
        return f"{name}.wav" if recorded else None

    async def _ring(self, number: str) -> bool:
        """Only a duty number's form is ever dialled: nothing that came in with a call can be."""
        if not _DUTY_NUMBER.fullmatch(number):
            return False
        target = f"PJSIP/{number}@{OPERATOR}"
        return await self._channel.dial(target, seconds=RING_SECONDS, talk_seconds=TALK_SECONDS)
