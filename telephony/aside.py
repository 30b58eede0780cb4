"""What a worker may ask for besides the punch: the schedule (P4), the coordinator (P5). Pure."""

from dataclasses import replace

from telephony.actions import Action, Ask, ListVisits, RequestCallBack, Say, Transfer
from telephony.dialogue import Call, Stage, Step, UnexpectedEventError, end, wait
from telephony.events import CallBackRequested, Event, Keyed, Transferred, VisitsListed
from telephony.model import Day, PlannedVisit, WorkerFound
from telephony.speech import Phrase, Spoken, Words, time_of

READ_OUT = 12
"""Visits read out at most."""


def read_schedule(call: Call, worker: WorkerFound, day: Day) -> Step:
    """Fetch the worker's visits."""
    return wait(replace(call, day=day, worker=worker), Stage.SCHEDULE, ListVisits(call.context, worker, day))


def on_schedule(call: Call, event: Event) -> Step:
    """The visits are there: read them; after today's, tomorrow's by one key."""
    match event:
        case VisitsListed(visits=None):
            return end(Phrase.UNAVAILABLE)
        case VisitsListed(visits=visits) if visits is not None:
            sounds = _spoken_visits(visits, call.day)
            if call.day is Day.TOMORROW:
                return end(*sounds, Phrase.GOODBYE)
            return wait(call, Stage.SCHEDULE_END, Ask((*sounds, Phrase.TOMORROW_KEY), digits=1, seconds=3.0))
        case _:
            raise UnexpectedEventError(event)


def on_schedule_end(call: Call, event: Event) -> Step:
    """Today's visits were read."""
    match event:
        case Keyed(keys="1") if call.worker is not None:
            return read_schedule(call, call.worker, Day.TOMORROW)
        case Keyed(keys="0" | "9"):
            return reach_coordinator(call)
        case Keyed():
            return end(Phrase.GOODBYE)
        case _:
            raise UnexpectedEventError(event)


def _spoken_visits(visits: tuple[PlannedVisit, ...], day: Day) -> tuple[Spoken, ...]:
    if not visits:
        return (Phrase.TODAY_EMPTY if day is Day.TODAY else Phrase.TOMORROW_EMPTY,)
    sounds: list[Spoken] = [Phrase.TODAY if day is Day.TODAY else Phrase.TOMORROW]
    for visit in visits[:READ_OUT]:
        sounds.append(time_of(visit.starts_at))
        if visit.place.strip():
            sounds.append(Words(visit.place))
    return tuple(sounds)


def reach_coordinator(call: Call, *first: Action) -> Step:
    """Ring the duty number; leave a task at once when the agency has none."""
    if call.context.duty_number is None:
        return _request_call_back(call, *first)
    return wait(call, Stage.TRANSFER, *first, Say((Phrase.TRANSFER,)), Transfer(call.context.duty_number))


def on_transfer(call: Call, event: Event) -> Step:
    """The duty number was rung."""
    match event:
        case Transferred(answered=True):
            return end()
        case Transferred(answered=False):
            return _request_call_back(call)
        case _:
            raise UnexpectedEventError(event)


def leave_while_ringing(call: Call) -> Step:
    """The caller gave up before the agency answered: the wish stands."""
    return _request_call_back(call)


def on_call_back(_: Call, event: Event) -> Step:
    """The wish to be called back was kept, or not."""
    match event:
        case CallBackRequested(noted=noted):
            return end(Phrase.CALL_BACK if noted else Phrase.CALL_BACK_FAILED, Phrase.GOODBYE)
        case _:
            raise UnexpectedEventError(event)


def _request_call_back(call: Call, *first: Action) -> Step:
    return wait(call, Stage.CALL_BACK, *first, RequestCallBack(call.context, call.worker))
