"""What the check-in door is beside: a small Flask program under granian, one transaction for each request.

The usual way to write it. It reads the same message by the same strict reader, looks the same session and
place up, and keeps into the same tables, keys and chain before it answers; each thread has a chain of its
own, so that none waits for another. It settles nothing: ours does, when there is time.
"""

import sys
import threading
from http import HTTPStatus
from typing import Any

from flask import Flask, request
from granian import Granian
from granian.constants import Interfaces
from psycopg_pool import ConnectionPool

from homecare.access.model import Permission
from homecare.access.queries import find_session
from homecare.clients.queries import home_of_place
from homecare.kernel import db
from homecare.kernel.clock import system_now
from homecare.kernel.errors import InvalidError
from homecare.kernel.settings import read_settings
from homecare.punches.keeping import keep
from homecare.punches.model import Claim, Qr, SignedInWorker, Status
from realtime.checkin_wire import LONGEST, CheckIn, read_check_in, read_key

THREADS = 8
_STATUSES = {
    Status.STORED: HTTPStatus.CREATED,
    Status.DUPLICATE: HTTPStatus.OK,
    Status.CONFLICT: HTTPStatus.CONFLICT,
}


def application() -> Flask:
    """Return the program of one server process."""
    app = Flask("peer")
    app.config["MAX_CONTENT_LENGTH"] = LONGEST
    pool: ConnectionPool[db.Conn] = ConnectionPool(
        read_settings().database_url, min_size=THREADS, max_size=THREADS, open=True
    )

    @app.post("/punch")
    def punch() -> tuple[dict[str, Any], HTTPStatus]:
        if request.mimetype != "application/json":
            return {}, HTTPStatus.FORBIDDEN
        token, key = request.cookies.get("ponctuel_session"), request.headers.get("Idempotency-Key")
        if token is None:
            return {}, HTTPStatus.UNAUTHORIZED
        try:
            reference = read_key(key)
            check_in = read_check_in(request.get_data(), key=reference, received_at=system_now())
        except InvalidError as refusal:
            return {"message": str(refusal)}, HTTPStatus.UNPROCESSABLE_ENTITY
        with pool.connection() as conn:
            return _store(conn, token, reference, check_in)

    return app


def _store(conn: db.Conn, token: str, reference: str, check_in: CheckIn) -> tuple[dict[str, Any], HTTPStatus]:
    now = system_now()
    person = find_session(conn, token, now=now)
    if person is None or person.worker is None or not person.may(Permission.PUNCH):
        return {}, HTTPStatus.UNAUTHORIZED
    if not isinstance(check_in.where, Qr) or home_of_place(conn, ("qr", check_in.where.token)) is None:
        return {}, HTTPStatus.UNPROCESSABLE_ENTITY
    claim = Claim(
        organisation=person.organisation,
        channel=check_in.channel,
        source_ref=f"{person.worker}/{reference}",
        punched_at=check_in.at,
        where=check_in.where,
        who=SignedInWorker(person.worker),
        edge=check_in.edge,
        place_check=check_in.place_check,
        details=check_in.details,
    )
    kept = keep(conn, [claim], core_instance=f"peer-{threading.get_native_id()}", now=now)
    status = kept[0].status
    return {"punched_at": claim.punched_at.isoformat(), "status": status.value}, _STATUSES[status]


def serve(port: int, *, workers: int) -> None:
    """Serve until stopped."""
    Granian(
        "tests.bench.checkin_peer:application",
        factory=True,
        interface=Interfaces.WSGI,
        address="127.0.0.1",
        port=port,
        workers=workers,
        blocking_threads=THREADS,
        websockets=False,
        log_enabled=False,
    ).serve()


if __name__ == "__main__":
    serve(int(sys.argv[1]), workers=int(sys.argv[2]))
