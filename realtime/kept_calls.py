"""Replays the calls that Asterisk's dialplan kept on its disk while the core was away.

Each becomes the very claim that the core would have made, so a punch that was committed just before the core
died is found again and not stored twice. A file is removed only once its claim is durable; what cannot be
read is put aside under another name and counted. The telephone opens after the first look: an arrival that
was kept is taken before the departure that follows it. A missed call is taken as if it came now.
"""

from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, override

import structlog
from prometheus_client import Gauge
from twisted.internet.defer import Deferred
from twisted.internet.interfaces import IReactorTime
from twisted.internet.threads import deferToThread

from homecare.kernel.ids import OrganisationId
from homecare.punches.model import Claim, Kept, Receipt
from realtime.db import DatabaseAwayError
from realtime.looking import LookingService
from telephony.claims import Confirmed, KeptMissed, missed_claim, phone_claim
from telephony.kept import LARGEST, KeptCall, KeptCallError, Reader
from telephony.model import CallContext, Missing, Ring

BETWEEN_LOOKS_SECONDS = 1.0
AT_ONCE = 500
KEPT, ASIDE = ".cms", ".aside"

log = structlog.get_logger()
kept_calls = Gauge("ponctuel_kept_calls", "Calls that the dialplan kept, not replayed for now", ["why"])


@dataclass(frozen=True, slots=True)
class _Found:
    """A file of the folder, and the call that it holds."""

    path: Path
    call: KeptCall


class KeptCalls(LookingService):
    """Looks into Asterisk's folder of kept calls, at start and every second."""

    name = "kept calls"

    def __init__(
        self,
        folder: Path,
        key: Path,
        *,
        record_punch: Callable[[Claim], Deferred[Receipt | Kept]],
        open_line: Callable[[Ring], Deferred[CallContext | Missing]],
        take_missed: Callable[[Ring], Deferred[None]],
        find_confirmed: Callable[[Ring, int], Coroutine[Deferred[Any], Any, Confirmed | None]],
        hash_code: Callable[[OrganisationId, str], bytes],
        clock_at: Callable[[datetime], datetime],
        reactor: IReactorTime,
    ) -> None:
        """Read `folder` with the private `key`, beside which its certificate lies (`.crt`).

        `open_line` tells whose number was called, `find_confirmed` what was confirmed for a missed call; the
        other callables are those of the telephone.
        """
        super().__init__(between_looks=BETWEEN_LOOKS_SECONDS, reactor=reactor)
        self._folder = folder
        self._key = key
        self._record_punch = record_punch
        self._open_line = open_line
        self._take_missed = take_missed
        self._find_confirmed = find_confirmed
        self._hash_code = hash_code
        self._clock_at = clock_at
        self._reader: Reader | None = None
        self.first_look: Deferred[None] = Deferred()
        self.set_aside = 0

    @override
    async def look(self) -> None:
        """Have each kept call recorded, in the order of the calls."""
        try:
            await self._replay()
        finally:
            if not self.first_look.called:
                self.first_look.callback(None)

    async def _replay(self) -> None:
        self.set_aside = len(_list(self._folder, ASIDE))
        kept_calls.labels("unreadable").set(self.set_aside)
        names = _list(self._folder, KEPT)
        kept_calls.labels("waiting").set(len(names))
        if not names:
            return
        found = await deferToThread(self._read, names[:AT_ONCE])
        found.sort(key=lambda one: (one.call.ring.answered_at, one.call.ring.reference))
        claimed = [(one, await self._claim(one)) for one in found]
        under_way = [(one, self._record_punch(claim)) for one, claim in claimed if claim]
        for one, recording in under_way:
            try:
                await recording
            except Exception:  # the file stays, and is taken again
                log.exception("kept_call.not_recorded", file=one.path.name)
            else:
                one.path.unlink(missing_ok=True)
        if under_way:
            log.info("kept_calls.replayed", calls=len(under_way))

    async def _claim(self, found: _Found) -> Claim | None:
        """Return the punch of a call. None: it has none, or nobody can say yet whose number was called."""
        ring, entry = found.call.ring, found.call.entry
        context = await self._open_line(ring)
        if isinstance(context, Missing):
            return None
        if isinstance(entry, KeptMissed):
            return await self._take_kept_missed(found, entry, context.organisation)
        return phone_claim(
            entry, ring, context.organisation, hash_code=self._hash_code, clock_at=self._clock_at
        )

    async def _take_kept_missed(
        self, found: _Found, kept: KeptMissed, organisation: OrganisationId
    ) -> Claim | None:
        """Have a missed call taken, or return the punch that was being stored for it. None: later."""
        ring = found.call.ring
        try:
            if kept.confirmed is None:
                await self._take_missed(ring)
                found.path.unlink(missing_ok=True)
                return None
            confirmed = await self._find_confirmed(ring, kept.confirmed)
        except DatabaseAwayError:
            return None
        if confirmed is None:
            log.error("kept_call.confirms_nothing", file=found.path.name)
            found.path.rename(found.path.with_suffix(ASIDE))
            return None
        return missed_claim(confirmed, ring, organisation, clock_at=self._clock_at)

    def _read(self, paths: Sequence[Path]) -> list[_Found]:
        if self._reader is None:
            self._reader = Reader.load(self._key.with_suffix(".crt").read_bytes(), self._key.read_bytes())
        return [found for path in paths if (found := _open(self._reader, path)) is not None]


def _open(reader: Reader, path: Path) -> _Found | None:
    try:
        with path.open("rb") as file:
            encrypted = file.read(LARGEST + 1)
    except FileNotFoundError:
        return None  # another core has taken it
    try:
        return _Found(path, reader.open(encrypted))
    except KeptCallError as error:
        log.error("kept_call.unreadable", file=path.name, why=str(error))  # noqa: TRY400 - a foreign file
        path.rename(path.with_suffix(ASIDE))
        return None


def _list(folder: Path, suffix: str) -> list[Path]:
    try:
        return sorted(path for path in folder.iterdir() if path.suffix == suffix)
    except FileNotFoundError:
        return []  # no Asterisk of ours on this machine
