"""What a played day is made of. Instants are the agency's own (shown), unless a name says `real`."""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from homecare.kernel.ids import HomeId, VisitId, WorkerId
from homecare.punches.model import Channel, Edge


class Way(StrEnum):
    """How a worker punches."""

    CALL = "call"
    TAP = "tap"
    READER = "reader"
    SCAN = "scan"
    APP = "app"
    BOX = "box"

    @property
    def channel(self) -> Channel:
        """The channel under which the core keeps it."""
        return _CHANNELS[self]

    @property
    def by_phone_app(self) -> bool:
        """Whether it goes through the worker's telephone, over HTTP."""
        return self in {Way.TAP, Way.SCAN, Way.APP}


_CHANNELS = {
    Way.CALL: Channel.PHONE,
    Way.TAP: Channel.NFC,
    Way.READER: Channel.NFC,
    Way.SCAN: Channel.QR,
    Way.APP: Channel.APP,
    Way.BOX: Channel.BOX,
}


class Fate(StrEnum):
    """What becomes of a visit in the script. All but the first call for an alert."""

    ON_TIME = "on_time"
    LATE = "late"
    VERY_LATE = "very_late"
    NO_SHOW = "no_show"
    HEARD_LATE = "heard_late"
    """The worker is there in time, but the telephone has no network until the alert is due."""


@dataclass(frozen=True, slots=True)
class Stop:
    """A published visit, and what a worker may use there. It is late at `first_due`, then at `second_due`."""

    visit: VisitId
    worker: WorkerId
    home: HomeId
    starts_at: datetime
    ends_at: datetime
    first_due: datetime
    second_due: datetime
    home_code: str
    qr_token: str
    line: str | None
    tag: str | None
    device: str | None
    mobile: str | None
    has_begun: bool = False


@dataclass(frozen=True, slots=True)
class Gesture:
    """One punch to make. `at` is the instant that has to be stored, that of a call's answer or of a tap.

    `hidden`: the caller's number does not show. `mistyped`: a wrong code first. `twice`: the gesture is
    made again at once. `lost_answers`: sendings whose answer never arrives. `offline`: the telephone has no
    network.
    """

    number: int
    stop: Stop
    way: Way
    edge: Edge
    at: datetime
    hidden: bool = False
    mistyped: bool = False
    twice: bool = False
    lost_answers: int = 0
    offline: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """One visit of the script. `online_at`: when the worker's telephone finds the network again."""

    stop: Stop
    fate: Fate
    way: Way
    arrival: Gesture | None
    departure: Gesture | None
    online_at: datetime | None = None

    @property
    def gestures(self) -> list[Gesture]:
        """The gestures, in order."""
        return [one for one in (self.arrival, self.departure) if one is not None]


@dataclass(frozen=True, slots=True)
class Outage:
    """Between these instants a server does not run."""

    server: str
    begins_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class Script:
    """The whole day: what each visit becomes."""

    parts: tuple[Part, ...]

    @property
    def gestures(self) -> list[Gesture]:
        """Every gesture, by its instant."""
        return sorted(
            (gesture for part in self.parts for gesture in part.gestures), key=lambda gesture: gesture.at
        )

    def only(self, begun: AbstractSet[int], *, until: datetime) -> "Script":
        """Return the visits that were played until then, with the gestures that were begun."""

        def kept(gesture: Gesture | None) -> Gesture | None:
            return gesture if gesture is not None and gesture.number in begun else None

        return Script(
            tuple(
                replace(part, arrival=kept(part.arrival), departure=kept(part.departure))
                for part in self.parts
                if part.stop.first_due <= until
            )
        )
