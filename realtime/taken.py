"""A claim on its way to the database, and how it is written in the spool meanwhile. Pure."""

import json
from dataclasses import dataclass
from datetime import datetime

from homecare.punches.model import Claim, claim_record, read_claim
from spool.spool import Entry


@dataclass(frozen=True, slots=True)
class Taken:
    """A claim taken `at` an instant of the agency. `session`: hash of one to check before it is stored."""

    claim: Claim
    at: datetime
    session: bytes | None = None

    @property
    def key(self) -> str:
        """The key in the spool: the claim's identity and content, so that a conflict is kept too.

        The same claim sent under two sessions is kept under each: one of them may turn out to be over.
        """
        claim, session = self.claim, "" if self.session is None else f"/{self.session.hex()[:16]}"
        content = claim.digest().hex()[:16]
        return f"{claim.organisation}/{claim.channel.value}/{claim.source_ref}/{content}{session}"

    def body(self) -> bytes:
        """Return what the spool keeps."""
        session = {} if self.session is None else {"session": self.session.hex()}
        return json.dumps(claim_record(self.claim) | session).encode()


def read_taken(entry: Entry) -> Taken:
    """Return what `Taken.body` wrote. Raises KeyError, TypeError or ValueError on anything else."""
    kept = json.loads(entry.body)
    claim, session = read_claim(kept), kept.get("session")
    return Taken(claim, entry.put_at, None if session is None else bytes.fromhex(session))
