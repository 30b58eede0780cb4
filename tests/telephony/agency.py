"""An agency in memory: what a call asks is answered, what it does is written down."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from twisted.internet.defer import Deferred, fail, succeed

from homecare.kernel.ids import HomeId, OrganisationId, PunchId, VisitId, WorkerId, code_hash
from homecare.punches.model import Claim, Edge, Kept, Receipt, Status, WorkerCode
from telephony.calls import PhoneCalls
from telephony.model import (
    CallContext,
    Day,
    Missing,
    PlannedVisit,
    Refusal,
    Ring,
    Standing,
    TaskReply,
    TaskSheet,
    WorkerFound,
)

CALLED = "+33801020304"
ORGANISATION = OrganisationId(7)
HOME_LINE, HOME_CODE = "+33155512345", "123455"
INES, OMAR = "123456", "012345"
DUTY_NUMBER = "+33155500000"
KEY = "a key of sixteen bytes or more"


@dataclass
class Agency:
    """`away`: the database is. `edge`: what the next punch is taken for. Lists: what calls left behind."""

    away: bool = False
    edge: Edge | None = Edge.ARRIVAL
    duty_number: str | None = DUTY_NUMBER
    sheet: TaskSheet = field(default_factory=TaskSheet)
    claims: list[Claim] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    replies: list[TaskReply] = field(default_factory=list)
    concerns: list[str] = field(default_factory=list)
    call_backs: list[WorkerFound | None] = field(default_factory=list)
    rings: list[Ring] = field(default_factory=list)
    shift: timedelta = timedelta(0)

    def calls(self) -> PhoneCalls:
        return PhoneCalls(
            open_line=self._open_line,
            find_home=self._find_home,
            check_code=self._check_code,
            record_punch=self._record_punch,
            note_refusal=lambda _, status: self._write(self.refusals, status),
            hash_code=lambda organisation, code: code_hash(KEY, organisation, code),
            clock_at=lambda real: real + self.shift,
            list_tasks=lambda *_: succeed(self.sheet),
            store_tasks=lambda _, __, replies: self._extend(replies),
            list_visits=self._list_visits,
            report_concern=lambda _, __, recording: self._write(self.concerns, recording),
            request_call_back=lambda _, worker: self._write(self.call_backs, worker),
        )

    def _open_line(self, ring: Ring) -> Deferred[CallContext | Missing]:
        self.rings.append(ring)
        if ring.called != CALLED:
            return succeed(Missing.NOT_FOUND)
        context = CallContext(ring, ORGANISATION, Standing.UNCHECKED, duty_number=self.duty_number)
        if self.away:
            return succeed(context)
        if ring.caller is None:
            return succeed(replace(context, standing=Standing.HIDDEN))
        if ring.caller != HOME_LINE:
            return succeed(replace(context, standing=Standing.UNKNOWN))
        return succeed(replace(context, standing=Standing.HOME, homes=(HomeId(1),)))

    def _find_home(self, context: CallContext, code: str) -> Deferred[CallContext | Missing]:
        if self.away:
            return succeed(Missing.DATABASE_AWAY)
        return succeed(replace(context, homes=(HomeId(1),)) if code == HOME_CODE else Missing.NOT_FOUND)

    def _check_code(self, _: CallContext, code: str) -> Deferred[WorkerFound | Missing]:
        if self.away:
            return succeed(Missing.DATABASE_AWAY)
        names = {INES: "Inès", OMAR: "Omar"}
        if code not in names:
            return succeed(Missing.NOT_FOUND)
        return succeed(WorkerFound(WorkerId(int(code)), names[code], self.edge))

    def _record_punch(self, claim: Claim) -> Deferred[Receipt | Kept]:
        self.claims.append(claim)
        if self.away:
            return succeed(Kept(claim.source_ref, claim.punched_at))
        name = "Inès" if claim.who == WorkerCode(code_hash(KEY, ORGANISATION, INES)) else "Omar"
        return succeed(
            Receipt(
                claim.source_ref,
                Status.STORED,
                PunchId(len(self.claims)),
                claim.punched_at,
                edge=claim.edge or self.edge,
                visit=VisitId(1),
                worker_first_name=name,
            )
        )

    def _list_visits(self, _: CallContext, __: WorkerFound, day: Day) -> Deferred[tuple[PlannedVisit, ...]]:
        if self.away:
            return fail(ConnectionError("no database"))
        hour = 14 if day is Day.TODAY else 8
        return succeed((PlannedVisit(datetime(2026, 3, 3, hour, 30, tzinfo=UTC), "rue des Lilas"),))

    def _extend(self, replies: tuple[TaskReply, ...]) -> Deferred[None]:
        self.replies.extend(replies)
        return succeed(None)

    @staticmethod
    def _write[T](into: list[T], what: T) -> Deferred[None]:
        into.append(what)
        return succeed(None)
