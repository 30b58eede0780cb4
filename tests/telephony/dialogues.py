"""Talking with the pure dialogue: play events, look at what it wants done."""

from datetime import UTC, datetime
from typing import get_args

from homecare.kernel.ids import HomeId, OrganisationId, PunchId, VisitId, WorkerId
from homecare.punches.model import Edge, Kept, Receipt, Status
from telephony.actions import Action, Answered, Ask, Final, Say
from telephony.dialogue import Opening, Over, State
from telephony.events import CodeLookedUp, Event, Keyed, Opened, Recorded
from telephony.ivr import step
from telephony.model import CallContext, Ring, Standing, WorkerFound
from telephony.speech import Phrase, Spoken

ANSWERED_AT = datetime(2026, 3, 3, 13, 32, 10, tzinfo=UTC)
RING = Ring("phone-1-1.1", "+33801020304", "+33155512345", ANSWERED_AT)
HIDDEN = Ring("phone-1-1.1", "+33801020304", None, ANSWERED_AT)
AT_HOME = CallContext(RING, OrganisationId(1), Standing.HOME, (HomeId(5),), "+33155500000")
ELSEWHERE = CallContext(HIDDEN, OrganisationId(1), Standing.HIDDEN, (), "+33155500000")
INES = WorkerFound(WorkerId(3), "Inès", asks_edge=False)
CODE, HOME_CODE = "123456", "123455"


def receipt(
    edge: Edge | None = Edge.ARRIVAL, *, visit: int | None = 9, status: Status = Status.STORED
) -> Receipt:
    return Receipt(
        "phone-1-1.1-1",
        status,
        PunchId(1),
        ANSWERED_AT,
        edge,
        None if visit is None else VisitId(visit),
        worker_first_name="Inès",
    )


KEPT = Kept("phone-1-1.1-1", ANSWERED_AT)


class Talk:
    """A call so far: `todo` is what the last event asked for, `done` everything since the beginning."""

    def __init__(self, *events: Event) -> None:
        self.state: State = Opening()
        self.todo: tuple[Action, ...] = ()
        self.done: list[Action] = []
        for event in events:
            self.hears(event)

    def hears(self, event: Event) -> "Talk":
        self.state, self.todo = step(self.state, event)
        self.done += self.todo
        return self

    def keys(self, keys: str) -> "Talk":
        return self.hears(Keyed(keys))

    @property
    def over(self) -> bool:
        return isinstance(self.state, Over)

    def awaits(self) -> Action | None:
        """The action whose answer the call waits for."""
        last = self.todo[-1] if self.todo else None
        return last if isinstance(last, get_args(Answered.__value__)) else None

    @property
    def spoken(self) -> list[Spoken]:
        """What is heard because of the last event."""
        return [sound for action in self.todo if isinstance(action, Say | Ask) for sound in action.sounds]

    def is_final(self) -> bool:
        return bool(self.todo) and isinstance(self.todo[-1], get_args(Final.__value__))


def at_home() -> Talk:
    """A caller whose line is a home's."""
    return Talk(Opened(AT_HOME))


def recorded(edge: Edge | None = Edge.ARRIVAL, *, visit: int | None = 9) -> Talk:
    """A worker at home whose punch is stored."""
    return at_home().keys(CODE).hears(CodeLookedUp(INES)).hears(Recorded(receipt(edge, visit=visit)))


def says(talk: Talk, phrase: Phrase) -> bool:
    return phrase in talk.spoken
