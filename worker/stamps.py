"""Has the seals of every organisation stamped by an authority. What fails is asked again in an hour."""

import secrets

import structlog

from homecare.kernel.calendar import paris_day
from homecare.kernel.ids import OrganisationId
from homecare.punches.ledger.stamp import StampError, read_answer, write_query
from homecare.punches.ledger.stamping import keep_stamp, list_unstamped
from worker.authority import AuthorityError, ask_authority
from worker.work import Work

log = structlog.get_logger()


def stamp_seals(work: Work) -> None:
    """Ask for each seal that has no stamp. No transaction is open while the authority is waited for.

    An authority that is away is asked once, not for every seal: the rest waits for the next time.
    """
    for organisation in work.organisations():
        try:
            _stamp_ledger(work, organisation)
        except AuthorityError as error:
            log.warning("ledger.not_stamped", reason=str(error), permanent=error.permanent)
            return
        except StampError as error:
            log.warning("ledger.not_stamped", reason=str(error), permanent=True)
            return


def _stamp_ledger(work: Work, organisation: OrganisationId) -> None:
    with work.transaction(organisation) as conn:
        waiting = list_unstamped(conn, today=paris_day(work.now(conn)))
    for one in waiting:
        nonce = secrets.randbits(64) | 1
        answer = ask_authority(work.settings.timestamp_url, write_query(one.seal, nonce=nonce))
        stamp = read_answer(answer, digest=one.seal, nonce=nonce)
        with work.transaction(organisation) as conn:
            keep_stamp(conn, one.day, stamp, now=work.now(conn))
        log.info("ledger.stamped", organisation=organisation, day=one.day.isoformat())
