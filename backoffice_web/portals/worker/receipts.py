"""The worker's own punches of a month, of every channel, with their receipts; and the check of a receipt."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby

from flask import request
from flask.typing import ResponseReturnValue

from backoffice_web.access import requires
from backoffice_web.portals.worker.views import day_of, own_worker, page, worker_portal
from backoffice_web.transaction import conn, now
from homecare.access.model import Permission
from homecare.kernel import db
from homecare.kernel.calendar import day_bounds, paris_day
from homecare.kernel.errors import InvalidError
from homecare.kernel.ids import WorkerId
from homecare.punches.receipts import OwnPunch, check_receipt, list_own_punches

DAYS_BACK = 31


@dataclass(frozen=True, slots=True)
class Check:
    """A receipt as it was typed, and what the ledger says: the punch's time, nothing, or a refusal."""

    link: str
    proof: str
    punched_at: datetime | None = None
    refusal: str = ""


@worker_portal.get("/pointages")
@requires(Permission.PUNCH)
def own_punches() -> ResponseReturnValue:
    """Show the last month's punches by day, the latest first, and check a receipt when one was typed."""
    worker = own_worker()
    _, end = day_bounds(paris_day(now()))
    punches = list_own_punches(conn(), worker, since=end - timedelta(days=DAYS_BACK), until=end)
    return page(
        "worker/punches.html",
        day=day_of(worker),
        by_day=_by_day(punches),
        check=_check(conn(), worker),
        days_back=DAYS_BACK,
    )


def _by_day(punches: list[OwnPunch]) -> list[tuple[date, list[OwnPunch]]]:
    days = groupby(punches, key=lambda punch: paris_day(punch.punched_at))
    return [(day, list(made)) for day, made in days]


def _check(connection: db.Conn, worker: WorkerId) -> Check | None:
    link, proof = request.args.get("registre", "")[:80], request.args.get("empreinte", "")[:80]
    if not link and not proof:
        return None
    try:
        return Check(link, proof, check_receipt(connection, worker, link, proof))
    except InvalidError as error:
        return Check(link, proof, refusal=str(error))
