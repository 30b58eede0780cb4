"""A day of punches as one reader sees it: one of the lists, with the count of each."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any, Self

from backoffice_web.arguments import area_in, day_in, moment_in, number_in
from backoffice_web.i18n import lazy
from backoffice_web.navigation import WAITING_BACK
from backoffice_web.punches.proposing import Choice, propose_for
from backoffice_web.punches.words import NOT_WAITING
from homecare.kernel import db
from homecare.kernel.calendar import day_bounds, paris_day
from homecare.kernel.ids import AreaId, PunchId, VisitId
from homecare.punches.disputes import DisputeRow, list_disputes
from homecare.punches.journal import JournalRow, Mark, count_by_doubt, list_journal
from homecare.punches.place_exceptions import PlaceException, list_exceptions
from homecare.punches.place_setting import find_place_setting
from homecare.punches.queries import (
    CallTask,
    RefusalRow,
    Waiting,
    count_waiting,
    list_call_tasks,
    list_refusals,
)
from homecare.punches.task_answers import Answered, list_task_answers
from homecare.punches.waiting import read_known
from homecare.visits.outings import Outing, list_outings
from homecare.visits.reports import Report, list_reports

PAGE = 50
"""Punches on a page; the next one goes on after the last of it."""
MOST_REFUSALS = 200
ANSWERED_SHOWN = timedelta(days=14)
"""How long an answered dispute stays in the list, before the day that is shown."""


class View(StrEnum):
    """Which list is shown; the value stands in the address."""

    WAITING = "attente"
    ALL = "tous"
    REFUSED = "refus"
    TASKS = "appels"
    OUTSIDE = "ailleurs"
    DISPUTES = "contestations"
    NOTES = "saisies"


VIEW_WORDS: dict[View, Any] = {
    View.WAITING: lazy("À traiter"),
    View.ALL: lazy("Tous les pointages"),
    View.REFUSED: lazy("Tentatives refusées"),
    View.TASKS: lazy("Appels à donner"),
    View.OUTSIDE: lazy("Faits ailleurs"),
    View.DISPUTES: lazy("Contestations"),
    View.NOTES: lazy("Sorties et frais"),
}

VIEW_ICONS = {
    View.WAITING: "inbox",
    View.ALL: "list",
    View.REFUSED: "ban",
    View.TASKS: "phone-outgoing",
    View.OUTSIDE: "map-pin-x",
    View.DISPUTES: "message-circle-exclamation",
    View.NOTES: "walk",
}


@dataclass(frozen=True, slots=True)
class Filters:
    """What the page is narrowed to."""

    day: date
    area: AreaId | None
    view: View
    after: Mark | None = None

    @classmethod
    def read(cls, arguments: Mapping[str, str], *, today: date) -> Self:
        """Return the filters of an address; what makes no sense is left out."""
        view = arguments.get("vue", "")
        at, punch = moment_in(arguments, "avant"), number_in(arguments, "pointage")
        return cls(
            day_in(arguments, otherwise=today),
            area_in(arguments),
            View(view) if view in set(View) else View.WAITING,
            None if at is None or punch is None else Mark(at, PunchId(punch)),
        )

    @property
    def arguments(self) -> dict[str, object]:
        """Return what the address of this list says, but for the page."""
        return {"jour": self.day.isoformat(), "secteur": self.area, "vue": self.view}

    def page_after(self, mark: Mark | None) -> dict[str, object]:
        """Return what the address of the page after this mark says; of the first page without one."""
        if mark is None:
            return self.arguments
        return {**self.arguments, "avant": mark.punched_at.isoformat(), "pointage": mark.punch}


@dataclass(frozen=True, slots=True)
class Journal:
    """The list asked for, and how long each list is.

    Calls and disputes are of every day until they are done; of places, those that nobody has looked at count.

    `next_page` is where the list goes on; None when it ends here.
    `answers` are what was said of the tasks of the visits whose departures are shown, `proposals` the visits
    proposed for the punches that wait, `waiting` those of the last month, this day's among them.
    `asks_place`: telephones are asked whether they are there, so that not to know is worth a word.
    """

    filters: Filters
    punches: list[JournalRow]
    next_page: Mark | None
    answers: Mapping[VisitId, list[Answered]]
    proposals: Mapping[PunchId, list[Choice]]
    waiting: Waiting
    refusals: list[RefusalRow]
    tasks: list[CallTask]
    outside: list[PlaceException]
    disputes: list[DisputeRow]
    outings: list[Outing]
    reports: list[Report]
    counts: Mapping[View, int]
    asks_place: bool

    @property
    def waiting_elsewhere(self) -> int:
        """How many punches of other days wait."""
        return max(0, self.waiting.count - self.counts[View.WAITING])

    @property
    def day_elsewhere(self) -> date | None:
        """The day of the oldest of them, else of the latest."""
        days = [paris_day(at) for at in (self.waiting.oldest_at, self.waiting.latest_at) if at is not None]
        return next((day for day in days if day != self.filters.day), None)

    def reports_of(self, visit: VisitId) -> list[Report]:
        """Return what was noted that day during a visit."""
        return [one for one in self.reports if one.visit_id == visit]

    @property
    def paid(self) -> Decimal:
        """What the day's expenses come to, in euros."""
        return sum((one.amount for one in self.reports if one.amount is not None), Decimal(0))

    @property
    def driven(self) -> Decimal:
        """What was driven for clients that day, in kilometres."""
        return sum((one.km for one in self.reports if one.km is not None), Decimal(0))

    @property
    def minutes_out(self) -> int:
        """How long the outings that are over took together."""
        return sum(one.minutes or 0 for one in self.outings)


def read_journal(conn: db.Conn, filters: Filters, *, now: datetime) -> Journal:
    """Read the day. Only the list shown is read whole."""
    since, until = day_bounds(filters.day)
    by_doubt = count_by_doubt(conn, since=since, until=until, area=filters.area)
    refusals = [
        refusal
        for refusal in list_refusals(conn, since=since, until=until, limit=MOST_REFUSALS)
        if filters.area in (None, refusal.area_id)
    ]
    tasks = [task for task in list_call_tasks(conn) if filters.area in (None, task.area_id)]
    outside = [
        one for one in list_exceptions(conn, since=since, until=until) if filters.area in (None, one.area_id)
    ]
    disputes = [
        one
        for one in list_disputes(conn, answered_since=since - ANSWERED_SHOWN)
        if filters.area in (None, one.area_id)
    ]
    outings = [
        one for one in list_outings(conn, since=since, until=until) if filters.area in (None, one.area_id)
    ]
    reports = [
        one for one in list_reports(conn, since=since, until=until) if filters.area in (None, one.area_id)
    ]
    punches = (
        list_journal(
            conn,
            since=since,
            until=until,
            area=filters.area,
            waiting_only=filters.view is View.WAITING,
            after=filters.after,
            limit=PAGE + 1,
        )
        if filters.view in (View.WAITING, View.ALL)
        else []
    )
    punches, is_last = punches[:PAGE], len(punches) <= PAGE
    waiting = sum(n for doubt, n in by_doubt.items() if doubt not in NOT_WAITING)
    return Journal(
        filters,
        punches,
        None if is_last else Mark(punches[-1].punched_at, punches[-1].id),
        list_task_answers(conn, [row.visit_id for row in punches if row.visit_id is not None]),
        propose_for(conn, read_known(conn, [(row.id, row.punched_at) for row in punches]))
        if filters.view is View.WAITING
        else {},
        count_waiting(conn, since=now - WAITING_BACK, until=now, area=filters.area),
        refusals,
        tasks,
        outside,
        disputes,
        outings,
        reports,
        {
            View.WAITING: waiting,
            View.ALL: sum(by_doubt.values()),
            View.REFUSED: len(refusals),
            View.TASKS: len(tasks),
            View.OUTSIDE: sum(one.seen_at is None for one in outside),
            View.DISPUTES: sum(one.answered_at is None for one in disputes),
            View.NOTES: len(outings) + len(reports),
        },
        find_place_setting(conn).is_on,
    )
