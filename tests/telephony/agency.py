"""An agency in memory: it answers what calls ask, and writes down what they leave behind."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from twisted.internet.defer import Deferred, fail, succeed

from homecare.kernel.ids import HomeId, OrganisationId, PunchId, VisitId, WorkerId, code_hash
from homecare.punches.model import Claim, CodeTrouble, Edge, Kept, Receipt, Status, WorkerCode, claim_record
from homecare.punches.tasks import TaskMode
from homecare.workers.model import Language
from telephony.calls import PhoneCalls
from telephony.model import (
    CallContext,
    Day,
    Missing,
    PlannedVisit,
    Refusal,
    Ring,
    Standing,
    Task,
    TaskReply,
    TaskSheet,
    WorkerFound,
)
from telephony.speech import Phrase

CALLED = "+33801020304"
HOME_LINE, HOME_CODE = "+33155512345", "123455"
CODES = {"123456": "Inès", "012345": "Omar"}
INES, OMAR = CODES
DUTY_NUMBER = "+33155500000"
ORGANISATION = OrganisationId(7)
KEY = "a key of sixteen bytes or more"


@dataclass(frozen=True, slots=True)
class Setting:
    """How the agency stands. `edge`: what a punch is taken for; None: unclear. `broken`: callables that fail.

    `mute`: callables that never answer. `tasks`: (code, label) of the visit that is left.
    """

    away: bool = False
    edge: str | None = "arrival"
    duty_number: str | None = DUTY_NUMBER
    mode: str = "none"
    tasks: Sequence[tuple[str, str]] = ()
    broken: Sequence[str] = ()
    mute: Sequence[str] = ()
    rings_home: bool = False


@dataclass
class Agency:
    """Answers by its setting; appends to the journal one JSON line for each thing left behind."""

    setting: Setting
    journal: Path
    _punches: int = field(default=0)

    def calls(self) -> PhoneCalls:
        whole = PhoneCalls(
            open_line=self._open_line,
            find_home=self._find_home,
            check_code=self._check_code,
            record_punch=self._record_punch,
            note_refusal=self._note_refusal,
            hash_code=lambda organisation, code: code_hash(KEY, organisation, code),
            clock_at=lambda real: real,
            list_tasks=lambda *_: succeed(self._sheet()),
            store_tasks=self._store_tasks,
            list_visits=self._list_visits,
            report_concern=lambda _, __, recording: self._write("concern", recording=recording),
            take_missed=lambda ring: self._write("missed", called=ring.called, caller=ring.caller),
            end_missed=lambda _, missed: self._write("missed_over", missed=missed),
            ring_home=lambda _: succeed(self.setting.rings_home),
            request_call_back=lambda _, who: self._write("call_back", worker=who and who.first_name),
        )
        faults: dict[str, Any] = {
            name: lambda *_: fail(RuntimeError("planted")) for name in self.setting.broken
        }
        faults |= {name: lambda *_: Deferred() for name in self.setting.mute}
        return replace(whole, **faults)

    def _write(self, what: str, **said: object) -> Deferred[None]:
        with self.journal.open("a", encoding="utf-8") as journal:
            journal.write(json.dumps({"what": what, **said}) + "\n")
        return succeed(None)

    def _open_line(self, ring: Ring) -> Deferred[CallContext | Missing]:
        self._write("ring", called=ring.called, caller=ring.caller)
        if ring.called != CALLED:
            return succeed(Missing.NOT_FOUND)
        standing = self._standing(ring)
        homes = (HomeId(1),) if standing is Standing.HOME else ()
        return succeed(CallContext(ring, ORGANISATION, standing, homes, self.setting.duty_number))

    def _standing(self, ring: Ring) -> Standing:
        if self.setting.away:
            return Standing.UNCHECKED
        if ring.caller is None:
            return Standing.HIDDEN
        return Standing.HOME if ring.caller == HOME_LINE else Standing.UNKNOWN

    def _find_home(self, context: CallContext, code: str) -> Deferred[CallContext | Missing]:
        if self.setting.away:
            return succeed(Missing.DATABASE_AWAY)
        return succeed(replace(context, homes=(HomeId(1),)) if code == HOME_CODE else Missing.NOT_FOUND)

    def _check_code(self, _: CallContext, code: str) -> Deferred[WorkerFound | Missing | CodeTrouble]:
        if self.setting.away:
            return succeed(Missing.DATABASE_AWAY)
        if code not in CODES:
            return succeed(Missing.NOT_FOUND)
        return succeed(WorkerFound(WorkerId(int(code)), CODES[code], asks_edge=self.setting.edge is None))

    def _record_punch(self, claim: Claim) -> Deferred[Receipt | Kept]:
        self._punches += 1
        self._write("punch", **claim_record(claim))
        if self.setting.away:
            return succeed(Kept(claim.source_ref, claim.punched_at))
        return succeed(
            Receipt(
                claim.source_ref,
                Status.STORED,
                PunchId(self._punches),
                claim.punched_at,
                edge=claim.edge or (None if self.setting.edge is None else Edge(self.setting.edge)),
                visit=VisitId(1),
                worker_first_name=_first_name(claim),
            )
        )

    def _note_refusal(self, context: CallContext, status: Refusal) -> Deferred[None]:
        return self._write("refusal", status=status.value, caller=context.ring.caller)

    def _sheet(self) -> TaskSheet:
        return TaskSheet(TaskMode(self.setting.mode), tuple(Task(*task) for task in self.setting.tasks))

    def _store_tasks(self, _: CallContext, __: Receipt, replies: tuple[TaskReply, ...]) -> Deferred[None]:
        return self._write("tasks", answers={reply.task.code: reply.answer.value for reply in replies})

    def _list_visits(self, _: CallContext, __: WorkerFound, day: Day) -> Deferred[tuple[PlannedVisit, ...]]:
        hour = 14 if day is Day.TODAY else 8
        return succeed((PlannedVisit(datetime(2026, 3, 3, hour, 30, tzinfo=UTC), "rue des Lilas"),))


def _first_name(claim: Claim) -> str | None:
    return next(
        (name for code, name in CODES.items() if claim.who == WorkerCode(code_hash(KEY, ORGANISATION, code))),
        None,
    )


def say_nothing_own(_organisation: OrganisationId, _language: Language, _phrase: Phrase) -> None:
    """Tell that this agency has recorded nothing itself."""


def write_setting(setting: Setting) -> str:
    return json.dumps(asdict(setting))


def read_setting(text: str) -> Setting:
    return Setting(**json.loads(text))
