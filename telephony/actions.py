"""What the dialogue wants done.

Some actions are answered by one event, named after the arrow. In the actions of one step only the last is
such a one, or a final one: the dialogue waits for one thing at a time.
"""

from dataclasses import dataclass

from homecare.kernel.ids import OrganisationId
from homecare.punches.model import Edge, Receipt
from homecare.workers.model import Language
from telephony.model import CallContext, Day, Proposal, Refusal, TaskReply, WorkerFound
from telephony.speech import Spoken


@dataclass(frozen=True, slots=True)
class Speak:
    """Speak this language from now on."""

    language: Language


@dataclass(frozen=True, slots=True)
class Say:
    """Play to the end."""

    sounds: tuple[Spoken, ...]


@dataclass(frozen=True, slots=True)
class Ask:
    """Play, cut short by the first key, and read `digits` keys → `Keyed`.

    `#` ends the entry; so do `seconds` without a key.
    """

    sounds: tuple[Spoken, ...]
    digits: int
    seconds: float


@dataclass(frozen=True, slots=True)
class FindHome:
    """Look a home code up, its form being right → `HomeLookedUp`."""

    context: CallContext
    code: str


@dataclass(frozen=True, slots=True)
class CheckCode:
    """Look a worker's code up, its form being right → `CodeLookedUp`."""

    context: CallContext
    code: str


@dataclass(frozen=True, slots=True)
class Record:
    """Make the punch durable → `Recorded`. `edge` is what was keyed; None: the core infers it."""

    context: CallContext
    home_code: str | None
    code: str
    edge: Edge | None


@dataclass(frozen=True, slots=True)
class Confirm:
    """Make the punch of a missed call durable, as it was proposed → `Recorded`."""

    context: CallContext
    missed: int
    proposal: Proposal


@dataclass(frozen=True, slots=True)
class MarkDone:
    """Tell the dialplan that the punch is durable: whatever comes, it has nothing to apologise for."""


@dataclass(frozen=True, slots=True)
class NoteRefusal:
    """Keep why the call ends without a punch."""

    context: CallContext
    status: Refusal


@dataclass(frozen=True, slots=True)
class ListTasks:
    """Ask for the tasks of the visit that is being left → `TasksListed`."""

    context: CallContext
    receipt: Receipt


@dataclass(frozen=True, slots=True)
class StoreTasks:
    """Keep the answers about the tasks of the visit."""

    context: CallContext
    receipt: Receipt
    replies: tuple[TaskReply, ...]


@dataclass(frozen=True, slots=True)
class TakeNote:
    """Record the caller's voice → `NoteTaken`, also when the caller hangs up while speaking.

    The file bears the organisation's number and the call's reference: it is found again without the call.
    """

    organisation: OrganisationId


@dataclass(frozen=True, slots=True)
class ReportConcern:
    """Tie a recorded concern to the visit."""

    context: CallContext
    receipt: Receipt
    recording: str


@dataclass(frozen=True, slots=True)
class ListVisits:
    """Ask for the worker's schedule → `VisitsListed`."""

    context: CallContext
    worker: WorkerFound
    day: Day


@dataclass(frozen=True, slots=True)
class Transfer:
    """Ring the duty number → `Transferred`."""

    number: str


@dataclass(frozen=True, slots=True)
class RequestCallBack:
    """Leave a task for the coordinator who could not be reached → `CallBackRequested`."""

    context: CallContext
    worker: WorkerFound | None


@dataclass(frozen=True, slots=True)
class RingHome:
    """Have the home's registered line rung once this call is over → `HomeWillRing`."""

    context: CallContext


@dataclass(frozen=True, slots=True)
class GiveBack:
    """Leave the call to the dialplan, which keeps the punch by itself unless `MarkDone` was said. Final."""


@dataclass(frozen=True, slots=True)
class HangUp:
    """End the call. Final."""


type Answered = (
    Ask
    | FindHome
    | CheckCode
    | Record
    | Confirm
    | ListTasks
    | TakeNote
    | ListVisits
    | Transfer
    | RequestCallBack
    | RingHome
)
type Plain = Speak | Say | MarkDone | NoteRefusal | StoreTasks | ReportConcern
type Final = GiveBack | HangUp
type Action = Answered | Plain | Final
