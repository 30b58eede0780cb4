"""A core that acknowledges before its COMMIT: `python -m tests.faults.planted.early`."""

from collections.abc import Sequence

from twisted.internet import reactor
from twisted.internet.defer import Deferred
from twisted.internet.task import deferLater

from homecare.kernel.ids import OrganisationId
from homecare.punches.model import Kept, Receipt
from realtime import main as wiring
from realtime.recording import Recorder
from realtime.taken import Taken

type Batch = Sequence[tuple[Taken, Deferred[Receipt | Kept]]]
_LATER_SECONDS = 1.0


class Early(Recorder):
    """Says that it is kept, stores it afterwards."""

    async def _store(self, organisation: OrganisationId, batch: Batch) -> None:
        for taken, answer in batch:
            answer.callback(Kept(taken.claim.source_ref, taken.claim.punched_at))
        await deferLater(reactor, _LATER_SECONDS)
        await super()._store(organisation, [(taken, Deferred()) for taken, _ in batch])


if __name__ == "__main__":
    vars(wiring)["Recorder"] = Early
    wiring.main()
