"""Whether a signed entry may be taken: its signature, its telephone, whose telephone it is. It only reads."""

from enum import StrEnum

from homecare.kernel import db
from homecare.kernel.ids import WorkerId
from homecare.punches.signing import SignedEntry
from homecare.workers.phone_keys import is_signed
from homecare.workers.phones import Phone, find_phone


class Fault(StrEnum):
    """Why a signed entry is not taken."""

    FORGED = "forged"
    ANOTHERS = "anothers"
    REVOKED = "revoked"

    @property
    def refusal(self) -> str:
        """The status of the refusal that it leaves."""
        return "forged" if self is Fault.FORGED else "unauthorised_phone"


def find_fault(conn: db.Conn, worker: WorkerId, entry: SignedEntry) -> Fault | None:
    """Return what speaks against this worker's entry; None when nothing does."""
    return judge_entry(find_phone(conn, entry.phone), worker, entry)


def judge_entry(phone: Phone | None, worker: WorkerId, entry: SignedEntry) -> Fault | None:
    """Do what `find_fault` does, for whoever looked the entry's telephone up already.

    A telephone that the agency does not know proves nothing and disproves nothing: its entry is taken like
    one without signature, and flagged.
    """
    if phone is None:
        return None
    if phone.worker_id != worker:
        return Fault.ANOTHERS
    if not is_signed(phone.public_key, entry.text.encode(), entry.signature):
        return Fault.FORGED
    return None if phone.revoked_at is None else Fault.REVOKED
