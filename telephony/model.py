"""What a call must know of the agency, and how the agency answers. Values only: no input or output.

The programs that give `calls.PhoneCalls` build these values; the dialogue reads them.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum, StrEnum

from homecare.kernel.ids import HomeId, OrganisationId, WorkerId
from homecare.punches.model import Edge
from homecare.punches.tasks import TaskAnswer, TaskMode
from homecare.workers.model import Language


@dataclass(frozen=True, slots=True)
class Ring:
    """A call as the network presents it. Everything here but the reference is a stranger's word.

    `reference` is Asterisk's system name and unique id: the root of the identity of what the call leaves
    behind. `caller` is None when the number is hidden or is no number. `answered_at` is real time, as the
    dialplan read it when it answered. `missed` is the number of the missed call for which we rang this line.
    """

    reference: str
    called: str
    caller: str | None
    answered_at: datetime
    missed: int | None = None


class Standing(Enum):
    """What the caller's line is to the agency that is called."""

    HOME = "home"  # the registered line of a home, or of several homes of one building
    UNKNOWN = "unknown"  # a number of nobody's home
    HIDDEN = "hidden"  # no number was presented
    REFUSED = "refused"  # a line from which the agency takes no call
    UNCHECKED = "unchecked"  # the database is away: nothing could be looked up


@dataclass(frozen=True, slots=True)
class Proposal:
    """The only worker whom the plan expected where a call was missed, and what calling then meant."""

    worker: WorkerId
    first_name: str
    edge: Edge
    language: Language = Language.FRENCH


@dataclass(frozen=True, slots=True)
class RungBack:
    """The missed call for which this line was rung. `proposal` is None when it is not clear who called."""

    missed: int
    proposal: Proposal | None


@dataclass(frozen=True, slots=True)
class CallContext:
    """The agency's view of one call: whose number was called, which homes the line names, who is on duty.

    `duty_number` is E.164, of the area of the homes (or of the organisation's choice when no home is known).
    `rolling_code`: the eight digits of a code device, keyed in place of a home code. `is_guarded`: too many
    wrong codes came from there, so nothing is told of what is keyed. `may_ring_home`: the home's registered
    line may be rung to prove what a call from elsewhere claims. `rung_back`: we rang it for a missed call.
    """

    ring: Ring
    organisation: OrganisationId
    standing: Standing
    homes: tuple[HomeId, ...] = ()
    duty_number: str | None = None
    rolling_code: str | None = None
    is_guarded: bool = False
    may_ring_home: bool = False
    rung_back: RungBack | None = None


class Missing(Enum):
    """Why a look-up found nothing."""

    NOT_FOUND = "not_found"
    DATABASE_AWAY = "database_away"


@dataclass(frozen=True, slots=True)
class WorkerFound:
    """The worker of a code. `asks_edge`: arrival or departure is not clear, the worker had better say it."""

    worker: WorkerId
    first_name: str
    asks_edge: bool
    language: Language = Language.FRENCH


class Refusal(StrEnum):
    """How a call ended without a punch: the status that the board shows (feature P12)."""

    BAD_PIN = "bad_pin"
    BAD_HOME_CODE = "bad_home_code"
    HANG_UP = "hang_up"
    UNAUTHORISED_PHONE = "unauthorised_phone"
    ROLLING_WRONG = "rolling_wrong"
    ROLLING_EXPIRED = "rolling_expired"
    ROLLING_USED = "rolling_used"
    ROLLING_INACTIVE = "rolling_inactive"


@dataclass(frozen=True, slots=True)
class Task:
    """A task: its code, two or three digits, is keyed, empty when tasks are read; its label is read out."""

    code: str
    label: str


@dataclass(frozen=True, slots=True)
class TaskSheet:
    """What is asked: the tasks of the visit that is being left, or those that have a code. Empty: nothing."""

    mode: TaskMode = TaskMode.NONE
    tasks: tuple[Task, ...] = ()


@dataclass(frozen=True, slots=True)
class TaskReply:
    """One task and its answer."""

    task: Task
    answer: TaskAnswer


class Day(Enum):
    """Which part of the schedule is read out."""

    TODAY = "today"  # what remains of it
    TOMORROW = "tomorrow"


@dataclass(frozen=True, slots=True)
class PlannedVisit:
    """A visit of the schedule. `place` is read out: a street or a commune, never the client's name."""

    starts_at: datetime
    place: str
