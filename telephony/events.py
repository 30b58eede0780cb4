"""What happens in a call, as the dialogue learns it: the caller's acts and the answers to its actions."""

from dataclasses import dataclass

from homecare.punches.model import CodeTrouble, Kept, Receipt
from telephony.model import CallContext, Missing, PlannedVisit, TaskSheet, WorkerFound


@dataclass(frozen=True, slots=True)
class Opened:
    """The lines were looked up."""

    found: CallContext | Missing


@dataclass(frozen=True, slots=True)
class Keyed:
    """Keys pressed; empty when nothing came in time."""

    keys: str


@dataclass(frozen=True, slots=True)
class HomeLookedUp:
    """Answer to `FindHome`."""

    found: CallContext | Missing


@dataclass(frozen=True, slots=True)
class CodeLookedUp:
    """Answer to `CheckCode`."""

    found: WorkerFound | Missing | CodeTrouble


@dataclass(frozen=True, slots=True)
class Recorded:
    """Answer to `Record`. None: whether the claim is stored is not known."""

    outcome: Receipt | Kept | None


@dataclass(frozen=True, slots=True)
class TasksListed:
    """Answer to `ListTasks`."""

    sheet: TaskSheet


@dataclass(frozen=True, slots=True)
class NoteTaken:
    """Answer to `TakeNote`: the file's name, None when nothing was recorded."""

    recording: str | None


@dataclass(frozen=True, slots=True)
class VisitsListed:
    """Answer to `ListVisits`. None: the database is away."""

    visits: tuple[PlannedVisit, ...] | None


@dataclass(frozen=True, slots=True)
class Transferred:
    """Answer to `Transfer`: whether somebody took the call."""

    answered: bool


@dataclass(frozen=True, slots=True)
class CallBackRequested:
    """Answer to `RequestCallBack`."""

    noted: bool


@dataclass(frozen=True, slots=True)
class HomeWillRing:
    """Answer to `RingHome`: whether it will ring."""

    promised: bool


@dataclass(frozen=True, slots=True)
class HungUp:
    """The caller is gone. May come instead of any answer that needs the line."""


type Event = (
    Opened
    | Keyed
    | HomeLookedUp
    | CodeLookedUp
    | Recorded
    | TasksListed
    | NoteTaken
    | VisitsListed
    | Transferred
    | CallBackRequested
    | HomeWillRing
    | HungUp
)
