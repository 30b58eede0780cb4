"""The check-in API: a signed-in worker's phone posts a punch and gets a receipt.

Answers: 201 stored, 200 sent before, 202 kept in the spool, 409 same number with another content, 401 and 403
not signed in, not a worker, or on a telephone of somebody else, 422 refused with a sentence, and with the
name of its reason (`refusal`), for a phone that says it in another language. 503: nothing was
kept, the phone keeps its punch.

While the database is away a worker whose session was valid a moment ago is believed; session, signature and
place are judged when the punch is stored.
"""

from dataclasses import dataclass
from http import HTTPStatus
from typing import Protocol

import structlog
from twisted.internet.defer import Deferred

from homecare.access.queries import use_reach
from homecare.kernel import db
from homecare.kernel.clock import Clock
from homecare.kernel.errors import HomecareError
from homecare.kernel.ids import WorkerId, token_hash
from homecare.punches.judging import note_refused
from homecare.punches.model import Claim, Kept, Receipt, SignedInWorker, SiteCode, TagRefusal
from homecare.punches.operations import note_refusal
from homecare.punches.phone_check import Fault
from homecare.punches.signing import bound_skew
from homecare.punches.site_codes import CodeRefusal, Reading, judge_code
from homecare.workers.phones import note_skew
from realtime.checkin_answers import (
    AWAY,
    NO_WORKER,
    NOBODY,
    Answer,
    Refusal,
    answer_receipt,
    answer_refusal,
)
from realtime.checkin_wire import CheckIn, Place, read_check_in, read_key
from realtime.db import Database, DatabaseAwayError
from realtime.meeting import Meetings, Met
from realtime.sessions import SeenSessions, SessionOverError

# Sending takes its time: a telephone's clock is not measured finer than this.
SKEW_STEP_SECONDS = 30

log = structlog.get_logger()


class RecordPunch(Protocol):
    """Records a claim; `session` is the hash of a session that could not be checked yet."""

    def __call__(self, claim: Claim, *, session: bytes | None = None) -> Deferred[Receipt | Kept]: ...


@dataclass(frozen=True, slots=True)
class _Taken:
    """A check-in of a worker, and what was found of it."""

    met: Met
    worker: WorkerId
    check_in: CheckIn
    reference: str

    @property
    def source_ref(self) -> str:
        return f"{self.worker}/{self.reference}"


class CheckIns:
    """Takes check-ins. Whoever posts is known by the session's cookie, never by the message."""

    def __init__(
        self,
        database: Database,
        *,
        record_punch: RecordPunch,
        clock: Clock,
        code_key: str,
    ) -> None:
        """Look people and places up in `database`, record through `record_punch`.

        `code_key` is the installation's, from which tablets' codes are made.
        """
        self._database = database
        self._record_punch = record_punch
        self._clock = clock
        self._code_key = code_key
        self._meetings = Meetings(database, clock=clock)
        self._seen = SeenSessions()

    async def post(self, token: str | None, key: str | None, body: bytes) -> Answer:
        """Take one check-in."""
        try:
            return await self._take(token, key, body)
        except DatabaseAwayError:
            return AWAY
        except SessionOverError:
            return NOBODY
        except HomecareError as refusal:
            return Answer(HTTPStatus.UNPROCESSABLE_ENTITY, {"message": str(refusal)})

    async def _take(self, token: str | None, key: str | None, body: bytes) -> Answer:
        if token is None:
            return NOBODY
        reference = read_key(key)
        real_now, session = self._clock.real_now(), None
        check_in = read_check_in(body, key=reference, received_at=real_now)
        try:
            met = await self._meetings.meet(token, check_in)
        except DatabaseAwayError:
            seen = self._seen.find(token, now=real_now)
            if seen is None or isinstance(check_in.where, str):
                raise  # a tablet's code cannot be judged now: the phone keeps it
            met, session = Met(seen), token_hash(token)
        else:
            self._seen.note(token, None if met is None else met.person, now=real_now)
        if met is None:
            return NOBODY
        if met.worker is None:
            return NO_WORKER
        taken = _Taken(met, met.worker, check_in, reference)
        place = await self._find_place(taken)
        if isinstance(place, Fault | TagRefusal | CodeRefusal):
            log.warning("checkin.refused", worker=met.worker, channel=check_in.channel.value)
            await self._database.run(lambda conn: self._note_refusal(conn, taken, place))
            return answer_refusal(place)
        await self._note_clock(taken)
        claim = Claim(
            organisation=met.person.organisation,
            channel=check_in.channel,
            source_ref=taken.source_ref,
            punched_at=self._clock.at(check_in.at),
            where=place,
            who=SignedInWorker(met.worker),
            edge=check_in.edge,
            place_check=check_in.place_check,
            details=check_in.details,
        )
        return answer_receipt(await self._record_punch(claim, session=session))

    async def _find_place(self, taken: _Taken) -> Place | SiteCode | Refusal:
        """Return where the worker is, or what speaks against the check-in."""
        met, where = taken.met, taken.check_in.where
        if met.refusal is not None:
            return met.refusal
        if not isinstance(where, str):
            return where
        organisation = met.person.organisation
        reading = Reading(where, taken.worker, taken.reference, taken.check_in.at, self._clock.real_now())

        def work(conn: db.Conn) -> SiteCode | CodeRefusal:
            use_reach(conn, organisation, met.person.areas)
            return judge_code(conn, self._code_key, organisation, reading)

        return await self._database.run(work)

    def _note_refusal(self, conn: db.Conn, taken: _Taken, refusal: Refusal) -> None:
        person, check_in, now = taken.met.person, taken.check_in, self._clock.now()
        use_reach(conn, person.organisation, person.areas)
        if check_in.signed is not None and not isinstance(refusal, Fault):
            note_refused(conn, check_in.signed)
        note_refusal(
            conn,
            person.organisation,
            check_in.channel,
            refusal.refusal if isinstance(refusal, Fault) else refusal.value,
            source_ref=taken.source_ref,
            at=min(self._clock.at(check_in.at), now),
            worker=taken.worker,
        )

    async def _note_clock(self, taken: _Taken) -> None:
        """Keep by how much the telephone's clock is ahead, when that is new."""
        phone, sent = taken.met.phone, taken.check_in.sent
        if phone is None or sent is None:
            return
        skew = bound_skew((sent - self._clock.real_now()).total_seconds())
        if abs((phone.skew_seconds or 0) - skew) >= SKEW_STEP_SECONDS:
            organisation = taken.met.person.organisation
            await self._database.run(lambda conn: note_skew(conn, phone.id, skew), organisation)
