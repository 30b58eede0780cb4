"""Who calls from where: the home code when the line is no home's, then the worker's code. Pure.

Three wrong or empty entries end the call with a typed status (P12). While the database is away only the form
of the codes is checked: the punch is kept and judged later.
"""

from dataclasses import replace

from homecare.clients.rolling_code import DIGITS as ROLLING_DIGITS
from homecare.clients.rolling_code import is_rolling_code
from homecare.kernel.ids import HOME_CODE_DIGITS, WORKER_CODE_DIGITS, is_home_code, is_worker_code
from homecare.punches.model import CodeTrouble
from telephony import aside, punching
from telephony.actions import Ask, CheckCode, FindHome, NoteRefusal, Speak
from telephony.dialogue import (
    COORDINATOR_KEYS,
    ENTRIES,
    PATIENCE,
    SCHEDULE_KEY,
    Call,
    Purpose,
    Stage,
    Step,
    UnexpectedEventError,
    end,
    wait,
)
from telephony.events import CodeLookedUp, Event, HomeLookedUp, Keyed
from telephony.model import CallContext, Day, Missing, Refusal, WorkerFound
from telephony.speech import Phrase

REST_PATIENCE = 2.0
"""Seconds for the last two digits of a device's code, which are keyed in one go with the others."""


def ask_home_code(call: Call, phrase: Phrase) -> Step:
    return wait(call, Stage.HOME_CODE, Ask((phrase,), digits=HOME_CODE_DIGITS, seconds=PATIENCE))


def on_home_code(call: Call, event: Event) -> Step:
    match event:
        case Keyed(keys=keys) if keys in COORDINATOR_KEYS:
            return aside.reach_coordinator(call)
        case Keyed(keys=keys) if keys.startswith(SCHEDULE_KEY):
            return _ask_code_for_schedule(call, keys)
        case Keyed(keys=keys) if is_home_code(keys):
            call = replace(call, home_code=keys)
            if call.context.is_guarded:
                return ask_code(call, Phrase.CODE_NEXT)
            return wait(call, Stage.HOME_LOOKUP, FindHome(call.context, keys))
        case Keyed(keys=keys) if len(keys) == HOME_CODE_DIGITS and keys.isdigit():
            return _read_rest(replace(call, home_code=keys))
        case Keyed(keys=keys):
            return _on_wrong_home_code(call, silent=not keys)
        case _:
            raise UnexpectedEventError(event)


def on_home_lookup(call: Call, event: Event) -> Step:
    match event:
        case HomeLookedUp(found=CallContext() as context):
            return ask_code(replace(call, context=context, mistake=None), Phrase.CODE_NEXT)
        case HomeLookedUp(found=Missing.DATABASE_AWAY):
            return ask_code(call, Phrase.CODE_NEXT)
        case HomeLookedUp(found=Missing.NOT_FOUND):
            return _read_rest(call)
        case _:
            raise UnexpectedEventError(event)


def _read_rest(call: Call) -> Step:
    """Six digits name no home: two more make them the code of a device, which changes every 30 seconds."""
    missing = ROLLING_DIGITS - HOME_CODE_DIGITS
    return wait(call, Stage.ROLLING_REST, Ask((), digits=missing, seconds=REST_PATIENCE))


def on_rolling_rest(call: Call, event: Event) -> Step:
    match event:
        case Keyed(keys=keys) if is_rolling_code((call.home_code or "") + keys):
            code = (call.home_code or "") + keys
            call = replace(call, home_code=code, context=replace(call.context, rolling_code=code))
            if call.code:  # the worker is known already, the first code of the device proved nothing
                return wait(call, Stage.CODE_LOOKUP, CheckCode(call.context, call.code))
            return ask_code(call, Phrase.CODE_NEXT)
        case Keyed():
            return _on_wrong_home_code(replace(call, home_code=None))
        case _:
            raise UnexpectedEventError(event)


def _on_code_trouble(call: Call, trouble: CodeTrouble) -> Step:
    """The device's code proves nothing: say why, and read another; the worker's own code was right."""
    context = replace(call.context, rolling_code=None)
    call = _count(replace(call, context=context, home_code=None), Refusal(trouble.value))
    if call.errors >= ENTRIES:
        return _refuse(call)
    return ask_home_code(call, Phrase(trouble.value))


def _on_wrong_home_code(call: Call, *, silent: bool = False) -> Step:
    call = _count(call, None if silent else Refusal.BAD_HOME_CODE)
    if call.errors >= ENTRIES:
        return _refuse(call, silent=silent)
    return ask_home_code(call, Phrase.HOME_CODE if silent else Phrase.HOME_CODE_WRONG)


def ask_code(call: Call, *phrases: Phrase) -> Step:
    missing = WORKER_CODE_DIGITS - len(call.typed)
    return wait(call, Stage.CODE, Ask(phrases, digits=missing, seconds=PATIENCE))


def _ask_code_for_schedule(call: Call, keys: str) -> Step:
    """The star comes before the code, so that hearing one's schedule never punches."""
    rest = keys.removeprefix(SCHEDULE_KEY)
    typed = rest if rest.isdigit() and len(rest) < WORKER_CODE_DIGITS else ""
    call = replace(call, purpose=Purpose.SCHEDULE, typed=typed)
    return ask_code(call) if typed else ask_code(call, Phrase.CODE_FOR_SCHEDULE)


def on_code(call: Call, event: Event) -> Step:
    match event:
        case Keyed(keys=keys) if keys in COORDINATOR_KEYS and not call.typed:
            return aside.reach_coordinator(call)
        case Keyed(keys=keys) if keys.startswith(SCHEDULE_KEY) and call.purpose is Purpose.PUNCH:
            return _ask_code_for_schedule(call, keys)
        case Keyed(keys=keys):
            code, call = call.typed + keys, replace(call, typed="")
            if is_worker_code(code) and call.context.is_guarded:
                return _on_guarded_code(replace(call, code=code))
            if is_worker_code(code):
                return wait(replace(call, code=code), Stage.CODE_LOOKUP, CheckCode(call.context, code))
            return _on_wrong_code(call, silent=not code)
        case _:
            raise UnexpectedEventError(event)


def _on_guarded_code(call: Call) -> Step:
    """Whether the code is right is told to nobody here: what was keyed is kept, and judged by the agency."""
    return end(Phrase.UNAVAILABLE) if call.purpose is Purpose.SCHEDULE else punching.record(call, None)


def on_code_lookup(call: Call, event: Event) -> Step:
    match event:
        case CodeLookedUp(found=WorkerFound() as worker):
            state, actions = _on_worker(replace(call, worker=worker, errors=0, mistake=None), worker)
            return state, (Speak(worker.language), *actions)
        case CodeLookedUp(found=CodeTrouble() as trouble):
            return _on_code_trouble(call, trouble)
        case CodeLookedUp(found=Missing.DATABASE_AWAY):
            return (
                end(Phrase.UNAVAILABLE) if call.purpose is Purpose.SCHEDULE else punching.record(call, None)
            )
        case CodeLookedUp(found=Missing.NOT_FOUND):
            return _on_wrong_code(call)
        case _:
            raise UnexpectedEventError(event)


def _on_worker(call: Call, worker: WorkerFound) -> Step:
    if call.purpose is Purpose.SCHEDULE:
        return aside.read_schedule(call, worker, Day.TODAY)
    context = call.context
    # A home that could not be looked up leaves nothing to ask: the punch is judged when it is stored.
    nowhere = not context.homes and context.rolling_code is None
    return punching.ask_edge(call) if worker.asks_edge and not nowhere else punching.record(call, None)


def _on_wrong_code(call: Call, *, silent: bool = False) -> Step:
    call = _count(replace(call, code=""), None if silent else Refusal.BAD_PIN)
    if call.errors >= ENTRIES:
        return _refuse(call, silent=silent)
    return ask_code(call, Phrase.CODE_NEXT if silent else Phrase.CODE_WRONG)


def _count(call: Call, mistake: Refusal | None) -> Call:
    """Count one more entry that did not help; an empty one is no mistake and forgets none."""
    return replace(call, errors=call.errors + 1, mistake=mistake or call.mistake)


def _refuse(call: Call, *, silent: bool = False) -> Step:
    """Say what the last entry lacked; the status keeps what was wrong in the call, silent as its end was."""
    words = Phrase.NO_ENTRY if silent else Phrase.THREE_ERRORS
    return end(words, before=(NoteRefusal(call.context, call.mistake or Refusal.HANG_UP),))
