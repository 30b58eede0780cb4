"""Recording claims: group commit while the database is there, the spool while it is away.

Claims of one organisation go through one lane: what arrives while its connection is busy is stored in one
transaction afterwards, at once. `Receipt` means committed, `Kept` means on this machine's disk, to be
replayed once; a claim is answered by neither only when both failed. Nothing overtakes the replay: an
arrival in the spool is stored before the departure that follows it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import override

import structlog
from prometheus_client import Counter, Gauge
from twisted.application.service import Service
from twisted.internet.defer import Deferred
from twisted.internet.threads import deferToThread
from twisted.python.failure import Failure

from homecare.alerts.operations import close_from_visits
from homecare.kernel import db
from homecare.kernel.clock import Clock
from homecare.kernel.ids import OrganisationId
from homecare.kernel.sealing import Sealer
from homecare.punches.code_reading import date_by_device
from homecare.punches.model import Claim, Kept, Receipt
from homecare.punches.operations import SETTLED_AT_ONCE, record
from realtime.db import Database, DatabaseAwayError
from realtime.sessions import SessionOverError, find_refusal, leave_refusal
from realtime.taken import Taken, read_taken
from spool.spool import Entry, Spool

# Of claims already waiting: as many as one statement carries well.
BATCH = 1000

log = structlog.get_logger()
recorded = Counter("ponctuel_punches", "Punches answered", ["channel", "answer"])
spooled = Gauge("ponctuel_spool_waiting", "Claims that wait in the spool")
dead = Gauge("ponctuel_spool_set_aside", "Claims that were acknowledged and cannot be stored")


@dataclass(slots=True)
class _Lane:
    """The claims of one organisation on their way."""

    waiting: list[tuple[Taken, Deferred[Receipt | Kept]]] = field(default_factory=list)
    busy: bool = False


class Recorder(Service):
    """Takes claims from every channel and answers when they are durable."""

    name = "recorder"

    def __init__(
        self, database: Database, spool: Spool, *, clock: Clock, core_instance: str, sealer: Sealer
    ) -> None:
        """Store by `database`, keep in `spool` while it is away; `sealer` opens tags' and devices' keys."""
        self._database = database
        self._spool = spool
        self._clock = clock
        self._core_instance = core_instance
        self._sealer = sealer
        self._lanes: dict[OrganisationId, _Lane] = {}
        self._replaying = False
        self._held_back = 0  # claims that wait behind the replay, or are still being looked for
        database.when_back(self.replay)

    @property
    def settled(self) -> bool:
        """Whether every claim that was taken is in the database: lateness is judged only then."""
        return self._spool.waiting == 0 and not self._replaying and not self._held_back

    @property
    def set_aside(self) -> int:
        """How many claims were acknowledged and cannot be stored: somebody has to look at them."""
        return self._spool.dead

    def expect(self, more: Deferred[None]) -> None:
        """Count as unsettled until `more` has fired: claims are still being looked for."""
        self._held_back += 1
        more.addBoth(self._caught_up)

    @override
    def startService(self) -> None:
        """Replay what an earlier run left."""
        super().startService()  # type: ignore[no-untyped-call]
        spooled.set_function(lambda: float(self._spool.waiting))
        dead.set_function(lambda: float(self._spool.dead))
        self.replay()

    def record(self, claim: Claim, *, session: bytes | None = None) -> Deferred[Receipt | Kept]:
        """Take a claim. Fires when it is committed or on the disk; fails when it could be neither.

        `session`: the hash of the worker's session, when nobody could check it for now. It is checked when
        the claim is stored, and so is the telephone's signature; one that is not good leaves a refusal
        instead of a punch, and `SessionOverError` for whoever still waits for an answer.
        """
        answer: Deferred[Receipt | Kept] = Deferred()
        if self._replaying:
            self._held_back += 1
            answer.addBoth(self._caught_up)
        lane = self._lanes.setdefault(claim.organisation, _Lane())
        lane.waiting.append((Taken(claim, self._clock.now(), session), answer))
        self._flush(claim.organisation, lane)
        return answer

    def _caught_up[Result](self, result: Result) -> Result:
        self._held_back -= 1
        return result

    def _flush(self, organisation: OrganisationId, lane: _Lane) -> None:
        if lane.busy or not lane.waiting or self._replaying:
            return
        lane.busy = True
        batch, lane.waiting = lane.waiting[:BATCH], lane.waiting[BATCH:]
        storing = Deferred.fromCoroutine(self._store(organisation, batch))

        def done(result: object) -> None:
            lane.busy = False
            if isinstance(result, Failure):
                log.error("recorder.failed", error=result.getErrorMessage())
            self._flush(organisation, lane)

        storing.addBoth(done)

    async def _store(
        self, organisation: OrganisationId, batch: Sequence[tuple[Taken, Deferred[Receipt | Kept]]]
    ) -> None:
        try:
            receipts = await self._commit(organisation, [taken for taken, _ in batch])
        except DatabaseAwayError:
            await self._keep(batch)
        except Exception as error:  # noqa: BLE001 - whichever claim is at fault must not fail the others
            await self._store_one_by_one(organisation, batch, error)
        else:
            for (taken, answer), receipt in zip(batch, receipts, strict=True):
                if receipt is None:
                    answer.errback(SessionOverError())
                    continue
                recorded.labels(taken.claim.channel.value, receipt.status.value).inc()
                answer.callback(receipt)

    async def _store_one_by_one(
        self,
        organisation: OrganisationId,
        batch: Sequence[tuple[Taken, Deferred[Receipt | Kept]]],
        error: Exception,
    ) -> None:
        if len(batch) == 1:
            taken, answer = batch[0]
            log.error("punch.not_recorded", ref=taken.claim.source_ref, error=type(error).__name__)
            answer.errback(error)
            return
        for one in batch:
            await self._store(organisation, [one])

    async def _commit(self, organisation: OrganisationId, batch: Sequence[Taken]) -> list[Receipt | None]:
        """Store the claims and return their receipts; None for one that was believed and is refused."""
        now = self._clock.now()
        refusals = [await self._refusal(taken) for taken in batch]
        looked_at = list(zip((taken.claim for taken in batch), refusals, strict=True))
        claims = [claim for claim, refusal in looked_at if refusal is None]

        def work(conn: db.Conn) -> list[Receipt]:
            dated = date_by_device(conn, claims, sealer=self._sealer, clock_at=self._clock.at)
            receipts = record(conn, dated, core_instance=self._core_instance, now=now, sealer=self._sealer)
            visits = [receipt.visit for receipt in receipts if receipt.visit is not None]
            close_from_visits(conn, visits, now=now)
            for claim, refusal in looked_at:
                if refusal is not None:
                    leave_refusal(conn, claim, refusal)
            return receipts

        receipts = iter(await self._database.run(work, organisation))
        return [next(receipts) if refusal is None else None for refusal in refusals]

    async def _refusal(self, taken: Taken) -> str | None:
        """Return what speaks against a claim that was believed, in a transaction with its person's reach."""
        session = taken.session
        if session is None:
            return None
        return await self._database.run(lambda conn: find_refusal(conn, taken.claim, session, at=taken.at))

    async def _keep(self, batch: Sequence[tuple[Taken, Deferred[Receipt | Kept]]]) -> None:
        entries = [(taken.key, taken.body()) for taken, _ in batch]
        try:
            await deferToThread(self._spool.put_all, entries, now=self._clock.now())
        except Exception as error:
            if len(batch) > 1:  # whichever claim is at fault must not fail the others
                for one in batch:
                    await self._keep([one])
                return
            log.exception("spool.failed")
            batch[0][1].errback(error)
            return
        for taken, answer in batch:
            recorded.labels(taken.claim.channel.value, "kept").inc()
            answer.callback(Kept(taken.claim.source_ref, taken.claim.punched_at))
        if self._database.available:  # it came back while we were writing
            self.replay()

    def replay(self) -> None:
        """Store what waits in the spool, oldest first; new claims wait until that is done."""
        if not self._replaying:
            self._replaying = True
            Deferred.fromCoroutine(self._replay()).addBoth(self._replayed)

    def _replayed(self, result: object) -> None:
        self._replaying = False
        if isinstance(result, Failure) and result.check(DatabaseAwayError) is None:
            log.error("replay.failed", error=result.getErrorMessage())
        for organisation, lane in self._lanes.items():
            self._flush(organisation, lane)

    async def _replay(self) -> None:
        total = 0
        while self.running and (entries := self._spool.peek(SETTLED_AT_ONCE)):
            by_organisation: dict[OrganisationId, list[tuple[Entry, Taken]]] = {}
            for entry in entries:
                try:
                    taken = read_taken(entry)
                except (ValueError, KeyError, TypeError) as error:
                    await self._set_aside(entry, error)
                else:
                    by_organisation.setdefault(taken.claim.organisation, []).append((entry, taken))
            for organisation, group in by_organisation.items():
                await self._replay_group(organisation, group)
            total += len(entries)
        if total:
            log.info("spool.replayed", claims=total)

    async def _set_aside(self, entry: Entry, error: Exception) -> None:
        """Keep what cannot be stored with its reason, so that it holds nothing else up."""
        log.error("spool.set_aside", position=entry.position, error=type(error).__name__)
        now = self._clock.now()
        await deferToThread(self._spool.set_aside, entry.key, reason=type(error).__name__, now=now)

    async def _replay_group(self, organisation: OrganisationId, group: Sequence[tuple[Entry, Taken]]) -> None:
        try:
            await self._commit(organisation, [taken for _, taken in group])
        except DatabaseAwayError:
            raise
        except Exception as error:  # noqa: BLE001 - it is kept with the entry, and logged
            if len(group) > 1:
                for one in group:
                    await self._replay_group(organisation, [one])
                return
            await self._set_aside(group[0][0], error)
        else:
            await deferToThread(self._spool.ack, [entry.key for entry, _ in group])
