"""Conducts a call: asks the dialogue what to do, does it on the line or through the callables given."""

import structlog
from twisted.internet.defer import Deferred
from twisted.internet.interfaces import IReactorTime

from telephony.actions import (
    Action,
    Ask,
    Confirm,
    GiveBack,
    HangUp,
    MarkDone,
    Record,
    Say,
    Speak,
    TakeNote,
    Transfer,
)
from telephony.calls import PhoneCalls
from telephony.channel import Channel, LineGoneError
from telephony.dialogue import Opening, State
from telephony.errands import Errands
from telephony.events import Event, HungUp
from telephony.ivr import step
from telephony.model import CallContext
from telephony.ring import RingError, read_ring
from telephony.talk import Name, Talk

PROMPTS_HEADER, NOTES_HEADER = "agi_arg_2", "agi_arg_3"
"""Folders as Asterisk sees them, which only the dialplan knows."""
MISSED_SCRIPT = "missed"
"""What the dialplan asks for when the number that is called only rings."""

log = structlog.get_logger(__name__)


class Conductor:
    """Answers every call; nothing of one call is kept for another."""

    def __init__(self, calls: PhoneCalls, name: Name, *, reactor: IReactorTime) -> None:
        self._calls = calls
        self._name = name
        self._reactor = reactor

    async def answer(self, channel: Channel) -> None:
        """Talk with one caller to the end; of one whose call is not answered, take who it is."""
        try:
            ring = read_ring(channel.header)
        except RingError as error:
            log.warning("call.not_ours", why=str(error))
            return
        line = Talk(
            channel,
            self._name,
            prompts=channel.header(PROMPTS_HEADER),
            notes=channel.header(NOTES_HEADER),
        )
        core = Errands(self._calls, ring, self._reactor)
        if channel.header("agi_network_script") == MISSED_SCRIPT:
            if await core.take_missed():
                await line.do(MarkDone())
            return
        state: State = Opening()
        opened = await core.open()
        if isinstance(opened.found, CallContext):
            line.speak_for(opened.found.organisation)
        event: Event | None = opened
        while event is not None:
            state, todo = step(state, event)
            event = await _perform(todo, line, core)
        await core.end_missed()


async def _perform(todo: tuple[Action, ...], line: Talk, core: Errands) -> Event | None:
    """Perform one step. Return the answer of its last action, None when the call is over."""
    answer: Event | None = None
    for action in todo:
        match action:
            case Speak() | Say() | Ask() | MarkDone() | TakeNote() | Transfer() | GiveBack() | HangUp():
                try:
                    answer = await line.do(action)
                except LineGoneError:
                    return HungUp()
            case Record(context=context) | Confirm(context=context):
                entry = core.enter(action)
                recording = Deferred.fromCoroutine(core.record(entry, context.organisation))
                await line.hand_over(entry)  # meanwhile: a line that is stuck holds no punch up
                answer = await recording
            case _:
                answer = await core.run(action)
    return answer
