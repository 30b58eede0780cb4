"""A worker's day on the phone: the state of each visit, and the one whose act is next. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from backoffice_web.layout.vocabulary import Status
from homecare.clients.sites import OfferedSite
from homecare.kernel.ids import ClientId, VisitId
from homecare.punches.model import Channel, Edge
from homecare.punches.receipts import OwnPunch
from homecare.punches.worker_day import OwnVisit
from homecare.visits.reports import Report

LATEST_DEPARTURE = timedelta(hours=3)
"""How long after its end a visit without any punch still asks for one."""


class Way(StrEnum):
    """How the phone punches: the label's code, the home's tag, or the worker's word alone."""

    CODE = "qr"
    TAG = "nfc"
    WORD = "app"


@dataclass(frozen=True, slots=True)
class Act:
    """A visit on the phone: what it is now, and what the big button would do."""

    visit: OwnVisit
    status: Status
    minutes: int

    @property
    def edge(self) -> Edge | None:
        """The next punch of the visit; None when there is none to make."""
        match self.status:
            case Status.DUE | Status.MISS:
                return Edge.ARRIVAL
            case Status.RUN:
                return Edge.DEPARTURE
            case _over:
                return None

    @property
    def way(self) -> Way:
        """The usual way of punching at this home."""
        match self.visit.usual_channel:
            case Channel.QR.value:
                return Way.CODE
            case Channel.NFC.value:
                return Way.TAG
            case _other:
                return Way.WORD


@dataclass(frozen=True, slots=True)
class WorkerDay:
    """The day at `now`. Minutes are planned and punched ones, of the visits that are not cancelled."""

    day: date
    now: datetime
    acts: tuple[Act, ...]
    next: Act | None
    minutes_planned: int
    minutes_done: int
    punches: tuple[OwnPunch, ...]
    sites: tuple[OfferedSite, ...] = ()
    reports: tuple[Report, ...] = ()

    def reports_of(self, visit: VisitId) -> list[Report]:
        """Return what the agency received of this visit: expenses, kilometres, comments."""
        return [report for report in self.reports if report.visit_id == visit]

    def sites_of(self, client: ClientId) -> list[OfferedSite]:
        """Return the places other than a home where this client's visits may be punched."""
        return [site for site in self.sites if site.client_id == client]


def read_day(
    day: date,
    now: datetime,
    visits: Sequence[OwnVisit],
    punches: Sequence[OwnPunch],
    *,
    sites: Sequence[OfferedSite] = (),
    reports: Sequence[Report] = (),
) -> WorkerDay:
    """Return the day as the phone shows it."""
    acts = tuple(_act(visit, now) for visit in visits)
    kept = [act for act in acts if act.status is not Status.OFF]
    return WorkerDay(
        day=day,
        now=now,
        acts=acts,
        next=choose_next(acts, now),
        minutes_planned=sum(_minutes(act.visit.ends_at - act.visit.starts_at) for act in kept),
        minutes_done=sum(act.minutes for act in kept if act.status is Status.DONE),
        punches=tuple(punches),
        sites=tuple(sites),
        reports=tuple(reports),
    )


def choose_next(acts: Sequence[Act], now: datetime) -> Act | None:
    """Return the visit to show first: the one going on, else the next to come, else the last one missed."""
    running = [act for act in acts if act.status is Status.RUN]
    if running:
        return max(running, key=lambda act: act.visit.arrived_at or act.visit.starts_at)
    to_come = [act for act in acts if act.status is Status.DUE]
    if to_come:
        return to_come[0]
    missed = [
        act for act in acts if act.status is Status.MISS and now <= act.visit.ends_at + LATEST_DEPARTURE
    ]
    return missed[-1] if missed else None


def _act(visit: OwnVisit, now: datetime) -> Act:
    if visit.cancelled_at is not None:
        return Act(visit, Status.OFF, 0)
    if visit.left_at is not None:
        return Act(visit, Status.DONE, _minutes(visit.left_at - (visit.arrived_at or visit.left_at)))
    if visit.arrived_at is not None:
        return Act(visit, Status.RUN, _minutes(now - visit.arrived_at))
    return Act(visit, Status.MISS if now >= visit.ends_at else Status.DUE, 0)


def _minutes(length: timedelta) -> int:
    return max(0, int(length.total_seconds() // 60))
