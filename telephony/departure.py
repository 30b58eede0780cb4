"""What is asked at departure once the punch is stored: tasks (P2, P3), a concern (P6). Pure.

Every answer given before a hang-up is kept.
"""

from dataclasses import replace

from homecare.punches.model import Receipt
from homecare.punches.tasks import TaskAnswer, TaskMode
from telephony.actions import Action, Ask, ListTasks, ReportConcern, Say, StoreTasks, TakeNote
from telephony.aside import reach_coordinator
from telephony.dialogue import (
    ENTRIES,
    PATIENCE,
    Call,
    Over,
    Stage,
    Step,
    UnexpectedEventError,
    end,
    say_goodbye,
    wait,
)
from telephony.events import Event, Keyed, NoteTaken, TasksListed
from telephony.model import Task, TaskReply
from telephony.speech import Digits, Phrase, Spoken, Words

LAST_CODE = "000"
CONCERN_KEY = "3"
COORDINATOR_KEY = "9"
"""While tasks are answered, 0 means not done."""
_ANSWERS = {"1": TaskAnswer.DONE, "0": TaskAnswer.NOT_DONE, "*": TaskAnswer.REFUSED}


def ask_for_tasks(call: Call, receipt: Receipt) -> Step:
    """Fetch the tasks of the visit that is being left."""
    return wait(call, Stage.TASK_LIST, ListTasks(call.context, receipt))


def on_task_list(call: Call, event: Event) -> Step:
    """The tasks are known. Most visits have none, and the caller hears nothing of it."""
    match event:
        case TasksListed(sheet=sheet):
            call = replace(call, sheet=sheet, task=0, errors=0)
            if not sheet.tasks or sheet.mode is TaskMode.NONE:
                return _ask_for_concern(call)
            return _read_task(call) if sheet.mode is TaskMode.READ else _ask_for_code(call)
        case _:
            raise UnexpectedEventError(event)


def on_task_answer(call: Call, event: Event) -> Step:
    """A task was read; one key answers it. A task left without an answer twice is passed over."""
    match event:
        case Keyed(keys=keys) if keys == COORDINATOR_KEY:
            return reach_coordinator(call, *store_replies(call))
        case Keyed(keys=keys) if keys in _ANSWERS:
            reply = TaskReply(call.sheet.tasks[call.task], _ANSWERS[keys])
            return _next_task(replace(call, replies=(*call.replies, reply)))
        case Keyed() if call.errors == 0:
            return _read_task(replace(call, errors=1))
        case Keyed():
            return _next_task(call)
        case _:
            raise UnexpectedEventError(event)


def _next_task(call: Call) -> Step:
    call = replace(call, task=call.task + 1, errors=0)
    if call.task < len(call.sheet.tasks):
        return _read_task(call)
    return _ask_for_concern(call, *store_replies(call))


def _read_task(call: Call) -> Step:
    """Read a task. The keys are explained with the first one, and again when no answer came."""
    label: tuple[Spoken, ...] = (Words(call.sheet.tasks[call.task].label),)
    explained = call.task == 0 or call.errors > 0
    sounds = (*label, Phrase.TASK_KEYS) if explained else label
    return wait(call, Stage.TASK_ANSWER, Ask(sounds, digits=1, seconds=PATIENCE))


def on_task_code(call: Call, event: Event) -> Step:
    """A task code was keyed: `34#`, refused by the client `34*#`, `*#` for the one before; 000 ends."""
    match event:
        case Keyed(keys=keys) if keys == COORDINATOR_KEY:
            return reach_coordinator(call, *store_replies(call))
        case Keyed(keys=keys) if keys in ("", LAST_CODE):
            return _read_codes_back(call)
        case Keyed(keys="*") if call.replies:
            refused = replace(call.replies[-1], answer=TaskAnswer.REFUSED)
            return _ask_for_code(replace(call, replies=(*call.replies[:-1], refused)), quietly=True)
        case Keyed(keys=keys):
            return _take_code(call, keys)
        case _:
            raise UnexpectedEventError(event)


def _take_code(call: Call, keys: str) -> Step:
    task = _find_task(call, keys.strip("*"))
    if task is None:
        call = replace(call, errors=call.errors + 1)
        if call.errors >= ENTRIES:
            return _read_codes_back(call)
        return _ask_for_code(call, Phrase.TASK_UNKNOWN)
    answer = TaskAnswer.REFUSED if "*" in keys else TaskAnswer.DONE
    others = tuple(reply for reply in call.replies if reply.task != task)
    return _ask_for_code(replace(call, replies=(*others, TaskReply(task, answer))), quietly=True)


def _find_task(call: Call, code: str) -> Task | None:
    return next((task for task in call.sheet.tasks if task.code == code), None)


def _ask_for_code(call: Call, *sounds: Spoken, quietly: bool = False) -> Step:
    spoken = sounds or (() if quietly else (Phrase.TASK_CODES,))
    return wait(call, Stage.TASK_CODE, Ask(spoken, digits=len(LAST_CODE), seconds=PATIENCE))


def _read_codes_back(call: Call) -> Step:
    heard: tuple[Action, ...] = (Say(_codes_taken(call.replies)),) if call.replies else ()
    return _ask_for_concern(call, *store_replies(call), *heard)


def _codes_taken(replies: tuple[TaskReply, ...]) -> tuple[Spoken, ...]:
    """The codes done, then those that the client refused."""
    done = [Digits(reply.task.code) for reply in replies if reply.answer is TaskAnswer.DONE]
    refused = [Digits(reply.task.code) for reply in replies if reply.answer is TaskAnswer.REFUSED]
    spoken: list[Spoken] = [*done]
    if refused:
        spoken += [Phrase.TASK_REFUSED, *refused]
    return (*spoken, Phrase.TASKS_NOTED)


def _ask_for_concern(call: Call, *first: Action) -> Step:
    return wait(call, Stage.CONCERN, *first, Ask((Phrase.CONCERN,), digits=1, seconds=2.0))


def on_concern(call: Call, event: Event) -> Step:
    """The last key of a departure."""
    match event:
        case Keyed(keys=keys) if keys == CONCERN_KEY:
            return take_note(call)
        case Keyed(keys="0" | "9"):
            return reach_coordinator(call)
        case Keyed():
            return say_goodbye()
        case _:
            raise UnexpectedEventError(event)


def take_note(call: Call) -> Step:
    """Record what worries the worker."""
    return wait(call, Stage.NOTE, Say((Phrase.CONCERN_SPEAK,)), TakeNote(call.context.organisation))


def on_note(call: Call, event: Event) -> Step:
    """The note is recorded, perhaps by a caller who is already gone."""
    match event:
        case NoteTaken(recording=str(recording)) if call.receipt is not None:
            report = ReportConcern(call.context, call.receipt, recording)
            return end(Phrase.CONCERN_NOTED, before=(report,))
        case NoteTaken():
            return say_goodbye()
        case _:
            raise UnexpectedEventError(event)


def store_replies(call: Call) -> tuple[Action, ...]:
    """Return what keeps the answers given so far."""
    if call.receipt is None or not call.replies:
        return ()
    return (StoreTasks(call.context, call.receipt, call.replies),)


def leave_amid_tasks(call: Call) -> Step:
    """The caller hung up: keep what was answered."""
    return Over(), store_replies(call)
