"""What the telephone asks of the core: look-ups and notes, each a transaction behind the door.

While the database is away look-ups say so instead of failing, and the called lines are answered from memory,
so that a caller can still key a code and be told that the punch is kept.
"""

import json
from collections.abc import Callable, Coroutine
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from twisted.internet.defer import Deferred

from homecare.access.queries import find_called_line, list_called_lines
from homecare.clients.queries import duty_number, home_with_code, homes_on_line
from homecare.clients.refused_lines import is_line_refused
from homecare.kernel import db
from homecare.kernel.calendar import day_bounds, paris_day
from homecare.kernel.clock import Clock
from homecare.kernel.ids import HomeId, OrganisationId, VisitId, WorkerId, code_hash
from homecare.kernel.sealing import Sealer
from homecare.punches.call_back import find_line_to_ring, is_call_back_wanted
from homecare.punches.code_reading import read_code
from homecare.punches.couples import fold
from homecare.punches.lockout import is_guarded, note_wrong_device_code, note_wrong_entry
from homecare.punches.matching import EARLIEST_ARRIVAL, LONGEST_VISIT, infer_edge
from homecare.punches.model import Channel, Claim, CodeTrouble, Kept, Receipt, RollingCode
from homecare.punches.operations import (
    LeftByCall,
    leave_call_task,
    note_refusal,
)
from homecare.punches.task_answers import Answered, store_task_answers
from homecare.punches.task_codes import find_task_mode, list_task_codes
from homecare.punches.tasks import TaskMode
from homecare.visits.couples import find_couples
from homecare.visits.queries import candidates, list_schedule, tasks_of
from homecare.workers.model import Language
from homecare.workers.queries import worker_with_code
from realtime.db import Database, DatabaseAwayError
from realtime.missed_calls import MissedCalls, read_rung_back
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


class PhoneDesk:
    """Answers the telephone's questions from the database, or says that it is away."""

    def __init__(
        self,
        database: Database,
        *,
        record_punch: Callable[[Claim], Deferred[Receipt | Kept]],
        is_settled: Callable[[], bool],
        clock: Clock,
        code_key: str,
        sealer: Sealer,
        memory: Path,
        ring_home: Callable[[CallContext], Coroutine[Deferred[Any], Any, bool]],
        missed_calls: MissedCalls,
    ) -> None:
        """Record through `record_punch`, look everything else up in `database`.

        `is_settled`: whether the database has every punch that was taken. `sealer` opens the secrets of code
        devices. `memory` is the file of the called lines, so that a core which starts during an outage knows
        them. `ring_home` promises to ring a home after a call, `missed_calls` rings back.
        """
        self._database = database
        self._record_punch = record_punch
        self._is_settled = is_settled
        self._clock = clock
        self._code_key = code_key
        self._sealer = sealer
        self._memory = memory
        self._ring_home = ring_home
        self._missed_calls = missed_calls
        self._known_lines = _recall(memory)

    def calls(self) -> PhoneCalls:
        """Return the telephone's callables."""
        return PhoneCalls(
            open_line=_deferred(self.open_line),
            find_home=_deferred(self.find_home),
            check_code=_deferred(self.check_code),
            record_punch=self._record_punch,
            note_refusal=_deferred(self.note_refusal),
            hash_code=self.hash_code,
            clock_at=self._clock.at,
            list_tasks=_deferred(self.list_tasks),
            store_tasks=_deferred(self.store_tasks),
            list_visits=_deferred(self.list_visits),
            report_concern=_deferred(self.report_concern),
            request_call_back=_deferred(self.request_call_back),
            take_missed=_deferred(self._missed_calls.take),
            end_missed=_deferred(self._missed_calls.end),
            ring_home=_deferred(self._ring_home),
        )

    async def learn_lines(self) -> None:
        """Remember the called lines, here and on the disk. The database away, what is known stays."""
        try:
            lines = await self._database.run(list_called_lines)
        except DatabaseAwayError:
            return
        if lines != self._known_lines:
            self._known_lines = lines
            new = self._memory.with_suffix(".new")
            new.write_text(json.dumps(lines))
            new.replace(self._memory)

    def hash_code(self, organisation: OrganisationId, code: str) -> bytes:
        """Return what is stored of a keyed code."""
        return code_hash(self._code_key, organisation, code)

    async def open_line(self, ring: Ring) -> CallContext | Missing:
        """Return the agency's view of a call: whose number was called, which homes it came from."""

        def work(conn: db.Conn) -> CallContext | Missing:
            organisation = find_called_line(conn, ring.called)
            if organisation is None:
                return Missing.NOT_FOUND
            db.use_organisation(conn, organisation)
            homes = () if ring.caller is None else tuple(homes_on_line(conn, ring.caller))
            standing = _standing(conn, ring.caller, homes)
            guarded = is_guarded(conn, ring.caller, is_home=bool(homes), now=ring.answered_at)
            duty = duty_number(conn, homes)
            rung_back = read_rung_back(conn, ring)
            return CallContext(
                ring, organisation, standing, homes, duty, is_guarded=guarded, rung_back=rung_back
            )

        try:
            context = await self._database.run(work)
        except DatabaseAwayError:
            organisation = self._known_lines.get(ring.called)
            if organisation is None:
                return Missing.DATABASE_AWAY
            return CallContext(ring, organisation, Standing.UNCHECKED)
        if isinstance(context, CallContext) and ring.called not in self._known_lines:
            await self.learn_lines()
        return context

    async def find_home(self, context: CallContext, code: str) -> CallContext | Missing:
        """Return the context completed with the home whose code was keyed."""

        def work(conn: db.Conn) -> CallContext | Missing:
            home = home_with_code(conn, code)
            if home is None:
                _note_wrong_entry(conn, context)
                return Missing.NOT_FOUND
            number = duty_number(conn, (home,))
            rings = is_call_back_wanted(conn) and find_line_to_ring(conn, home) is not None
            return replace(context, homes=(home,), duty_number=number, may_ring_home=rings)

        return await self._look(context, work)

    async def check_code(self, context: CallContext, code: str) -> WorkerFound | Missing | CodeTrouble:
        """Return the worker of a code, and whether arrival or departure has to be asked.

        While punches wait to be replayed nothing is asked: what the database knows of the visits is old, and
        the punch is judged after those before it.
        """
        at = self._clock.at(context.ring.answered_at)

        def work(conn: db.Conn) -> WorkerFound | Missing | CodeTrouble:
            worker = worker_with_code(conn, self._code_key, context.organisation, code, day=paris_day(at))
            if worker is None:
                _note_wrong_entry(conn, context)
                return Missing.NOT_FOUND
            homes, made_at = context.homes, at
            if context.rolling_code is not None:
                shown = RollingCode(context.rolling_code, context.ring.answered_at)
                call = context.ring.reference
                reading = read_code(conn, shown, worker.id, call=call, at=at, sealer=self._sealer)
                if isinstance(reading, CodeTrouble):
                    note_wrong_device_code(conn, worker.id, now=context.ring.answered_at)
                    return reading
                homes, made_at = (reading.home,), self._clock.at(reading.read_at)
            around = candidates(
                conn, [worker.id], since=made_at - LONGEST_VISIT, until=made_at + EARLIEST_ARRIVAL
            )
            apart, _ = fold(around, homes, find_couples(conn, around))
            is_clear = not self._is_settled() or infer_edge(made_at, homes, apart) is not None
            return WorkerFound(
                worker.id, worker.first_name, asks_edge=not is_clear, language=Language(worker.language)
            )

        return await self._look(context, work)

    async def note_refusal(self, context: CallContext, refusal: Refusal) -> None:
        """Note how a call ended without a punch. Nothing is lost but this note when the database is away.

        A number of ours that calls us is a check of the line: it never punches.
        """
        at = self._clock.at(context.ring.answered_at)
        home = context.homes[0] if len(context.homes) == 1 else None
        caller = context.ring.caller

        def work(conn: db.Conn) -> None:
            if caller is not None and find_called_line(conn, caller) == context.organisation:
                return
            note_refusal(
                conn,
                context.organisation,
                Channel.PHONE,
                refusal.value,
                source_ref=context.ring.reference,
                at=at,
                home=home,
                caller=caller,
            )

        await self._note(context, work)

    async def list_tasks(self, context: CallContext, receipt: Receipt) -> TaskSheet:
        """Return the tasks of the visit that is being left, or the agency's codes, as it takes them."""
        visit = receipt.visit
        if visit is None:
            return TaskSheet()

        def work(conn: db.Conn) -> TaskSheet:
            return _task_sheet(conn, visit)

        try:
            return await self._database.run(work, context.organisation)
        except DatabaseAwayError:
            return TaskSheet()

    async def store_tasks(
        self, context: CallContext, receipt: Receipt, replies: tuple[TaskReply, ...]
    ) -> None:
        """Keep what was answered for each task."""
        visit = receipt.visit
        if visit is None:
            return
        answers = [
            Answered(reply.task.label, reply.answer.value, reply.task.code or None) for reply in replies
        ]
        now = self._clock.now()
        await self._note(context, lambda conn: store_task_answers(conn, visit, answers, now=now))

    async def list_visits(
        self, context: CallContext, worker: WorkerFound, day: Day
    ) -> tuple[PlannedVisit, ...]:
        """Return what remains of the worker's day, or tomorrow. Places are streets, never clients."""
        now = self._clock.now()
        today = paris_day(now)
        since, until = (
            (now, day_bounds(today)[1]) if day is Day.TODAY else day_bounds(today + timedelta(days=1))
        )

        def work(conn: db.Conn) -> tuple[PlannedVisit, ...]:
            return _schedule(conn, worker.worker, since, until)

        return await self._database.run(work, context.organisation)  # away, it fails: the caller is told so

    async def report_concern(self, context: CallContext, receipt: Receipt, recording: str) -> None:
        """Tie a voice note to the visit and leave it to a coordinator."""
        await self._leave(context, "concern", receipt=receipt, recording=recording)

    async def request_call_back(self, context: CallContext, worker: WorkerFound | None) -> None:
        """Leave a task for the coordinator who could not be reached."""
        await self._leave(context, "call_back", worker=None if worker is None else worker.worker)

    async def _leave(
        self,
        context: CallContext,
        kind: str,
        *,
        receipt: Receipt | None = None,
        worker: WorkerId | None = None,
        recording: str | None = None,
    ) -> None:
        left = LeftByCall(
            kind=kind,
            source_ref=context.ring.reference,
            at=self._clock.now(),
            visit=None if receipt is None else receipt.visit,
            home=context.homes[0] if len(context.homes) == 1 else None,
            worker=worker,
            recording=recording,
        )
        await self._note(context, lambda conn: leave_call_task(conn, context.organisation, left))

    async def _look[Found](self, context: CallContext, work: Callable[[db.Conn], Found]) -> Found | Missing:
        try:
            return await self._database.run(work, context.organisation)
        except DatabaseAwayError:
            return Missing.DATABASE_AWAY

    async def _note(self, context: CallContext, work: Callable[[db.Conn], None]) -> None:
        await self._database.run(work, context.organisation)


def _recall(memory: Path) -> dict[str, OrganisationId]:
    try:
        return {number: OrganisationId(of) for number, of in json.loads(memory.read_text()).items()}
    except (OSError, ValueError):
        return {}


def _deferred[**P, Result](
    ask: Callable[P, Coroutine[Deferred[Any], Any, Result]],
) -> Callable[P, Deferred[Result]]:
    def asked(*args: P.args, **kwargs: P.kwargs) -> Deferred[Result]:
        return Deferred.fromCoroutine(ask(*args, **kwargs))

    return asked


def _standing(conn: db.Conn, caller: str | None, homes: tuple[HomeId, ...]) -> Standing:
    if homes:
        return Standing.HOME
    if caller is None:
        return Standing.HIDDEN
    return Standing.REFUSED if is_line_refused(conn, caller) else Standing.UNKNOWN


def _note_wrong_entry(conn: db.Conn, context: CallContext) -> None:
    at_home = context.standing is Standing.HOME
    note_wrong_entry(conn, context.ring.caller, is_home=at_home, now=context.ring.answered_at)


def _task_sheet(conn: db.Conn, visit: VisitId) -> TaskSheet:
    mode = find_task_mode(conn)
    match mode:
        case TaskMode.NONE:
            return TaskSheet()
        case TaskMode.READ:
            return TaskSheet(mode, tuple(Task("", label) for label in tasks_of(conn, visit)))
        case TaskMode.KEYED:
            return TaskSheet(mode, tuple(Task(one.code, one.label) for one in list_task_codes(conn)))


def _schedule(conn: db.Conn, worker: WorkerId, since: datetime, until: datetime) -> tuple[PlannedVisit, ...]:
    return tuple(
        PlannedVisit(stop.starts_at, stop.street)
        for stop in list_schedule(conn, worker, since=since, until=until)
    )
