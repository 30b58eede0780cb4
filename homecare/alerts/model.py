"""The day as coordinators read it: one row a visit, with a status. No input or output here."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum, StrEnum

from homecare.kernel.ids import AlertId, AreaId, ClientId, HomeId, UserId, VisitId, WorkerId

DEFAULT_FIRST_MINUTES = 8
DEFAULT_SECOND_MINUTES = 13
DEFAULT_ESCALATION_MINUTES = 10


class Step(IntEnum):
    """What a due leads to: the alert, its second telling, the escalation of one that nobody took."""

    FIRST = 1
    SECOND = 2
    ESCALATION = 3


class VisitStatus(StrEnum):
    """The status vocabulary of every screen: a word, a shape, then a colour."""

    LATE = "late"
    WATCH = "watch"
    DUE = "due"
    RUNNING = "run"
    DONE = "done"
    MISSED = "miss"
    OPEN = "open"
    OFF = "off"


@dataclass(frozen=True, slots=True)
class BoardRow:
    """A visit of the day on the board, with its open alert if any. Instants are aware, in UTC."""

    visit_id: VisitId
    area_id: AreaId
    area: str
    client_id: ClientId
    client: str
    fragile: bool
    home_id: HomeId
    lon: float | None
    lat: float | None
    service: str
    worker_id: WorkerId | None
    worker: str | None
    worker_phone: str | None
    home_line: str | None
    starts_at: datetime
    ends_at: datetime
    published_at: datetime | None
    cancelled_at: datetime | None
    arrived_at: datetime | None
    left_at: datetime | None
    revision: int
    alert_id: AlertId | None
    alert_step: int | None
    escalated_at: datetime | None
    owner_id: UserId | None
    owner: str | None

    def status(self, now: datetime) -> VisitStatus:
        """Return the visit's status at `now`.

        A visit that its worker does not see yet is as open as one without a worker: nobody will come. Late
        means that the alert is raised: the board and the alert never contradict each other. A visit whose
        planned end has passed without an arrival is missed.
        """
        if self.cancelled_at is not None:
            return VisitStatus.OFF
        if self.left_at is not None:
            return VisitStatus.DONE
        if self.arrived_at is not None:
            return VisitStatus.RUNNING
        if self.worker_id is None or self.published_at is None:
            return VisitStatus.OPEN
        if now >= self.ends_at:
            return VisitStatus.MISSED
        return VisitStatus.DUE if self.alert_id is None else VisitStatus.LATE

    def minutes_late(self, now: datetime) -> int:
        """Return how late the visit is, or was at its arrival, in whole minutes (0: not late)."""
        reference = self.arrived_at or now
        return max(0, int((reference - self.starts_at) / timedelta(minutes=1)))


@dataclass(frozen=True, slots=True)
class AlertRow:
    """An alert with the names that its screen shows."""

    id: AlertId
    area_id: AreaId
    area: str
    visit_id: VisitId
    client: str
    worker: str | None
    step: int
    planned_at: datetime
    due_at: datetime
    raised_at: datetime
    escalated_at: datetime | None
    owner_id: UserId | None
    owner: str | None
    closed_at: datetime | None
    closing: str | None


@dataclass(frozen=True, slots=True)
class Rule:
    """Thresholds of lateness for a scope; fields of the scope that are None mean every one.

    `escalation_minutes` is how long an alert waits for somebody to take it (None: for ever).
    """

    id: int
    area_id: AreaId | None
    area: str | None
    service: str | None
    client: str | None
    enabled: bool
    first_minutes: int
    second_minutes: int
    escalation_minutes: int | None
