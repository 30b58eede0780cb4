"""Where a call stands, and the few moves that every part of the dialogue shares. Pure.

The parts, each on top of the next: `ivr`, `proposal` (a missed call rung back), `identity` (home, code),
`punching` (edge, time spoken back), `departure` (tasks, concern), `aside` (schedule, coordinator).
"""

from dataclasses import dataclass, field, replace
from enum import Enum, auto

from homecare.punches.model import Receipt
from telephony.actions import Action, HangUp, Say
from telephony.model import CallContext, Day, Refusal, TaskReply, TaskSheet, WorkerFound
from telephony.speech import Phrase, Spoken

ENTRIES = 3
"""Wrong or empty entries after which the call ends."""
PATIENCE = 5.0
"""Seconds without a key after which an entry is over."""
COORDINATOR_KEYS = ("0", "9")
SCHEDULE_KEY = "*"


class Stage(Enum):
    """What the call waits for."""

    HOME_CODE = auto()
    HOME_LOOKUP = auto()
    ROLLING_REST = auto()
    CODE = auto()
    CODE_LOOKUP = auto()
    EDGE = auto()
    RECORDING = auto()
    PROOF = auto()
    CONFIRMED = auto()
    TASK_LIST = auto()
    TASK_ANSWER = auto()
    TASK_CODE = auto()
    CONCERN = auto()
    NOTE = auto()
    SCHEDULE = auto()
    SCHEDULE_END = auto()
    TRANSFER = auto()
    CALL_BACK = auto()
    PROPOSAL = auto()
    CONFIRMING = auto()


class Purpose(Enum):
    """Why the code is asked."""

    PUNCH = auto()
    SCHEDULE = auto()


@dataclass(frozen=True, slots=True)
class Opening:
    """The call has been answered, its lines are being looked up."""


@dataclass(frozen=True, slots=True)
class Call:
    """A call under way: what it waits for and what is known by now.

    `typed` are keys of the code that came along with an earlier entry. `errors` counts wrong or empty
    entries; `mistake` is what was wrong of the last wrong one, as long as nothing right was keyed after it.
    """

    stage: Stage
    context: CallContext
    purpose: Purpose = Purpose.PUNCH
    errors: int = 0
    mistake: Refusal | None = None
    typed: str = ""
    home_code: str | None = None
    code: str = ""
    worker: WorkerFound | None = None
    receipt: Receipt | None = None
    coordinator_wanted: bool = False
    sheet: TaskSheet = field(default_factory=TaskSheet)
    task: int = 0
    replies: tuple[TaskReply, ...] = ()
    day: Day = Day.TODAY


@dataclass(frozen=True, slots=True)
class Over:
    """Nothing more is awaited."""


type State = Opening | Call | Over
type Step = tuple[State, tuple[Action, ...]]


class UnexpectedEventError(Exception):
    """The conductor gave the dialogue an event that no action had asked for: a bug."""


def wait(call: Call, stage: Stage, *actions: Action) -> Step:
    """Go on: perform `actions`, the last of which will answer."""
    return replace(call, stage=stage), actions


def end(*sounds: Spoken, before: tuple[Action, ...] = ()) -> Step:
    """Do what must be done first, say the last words, hang up."""
    words: tuple[Action, ...] = (Say(sounds),) if sounds else ()
    return Over(), (*before, *words, HangUp())


def say_goodbye() -> Step:
    """End politely when all is done."""
    return end(Phrase.GOODBYE)
