"""The health of this program: it answers even when the database is away, and says so."""

import psycopg
from flask import Blueprint
from flask.typing import ResponseReturnValue
from psycopg_pool import PoolTimeout

from backoffice_web.access import public
from backoffice_web.transaction import conn
from homecare.kernel.db import ping

health = Blueprint("health", __name__)


@health.get("/healthz")
@public
def alive() -> ResponseReturnValue:
    """Answer 200 as long as pages can be served; without its database a page can only say so."""
    return {"status": "ok"}


@health.get("/readyz")
@public
def ready() -> ResponseReturnValue:
    """Answer 200 when the database answers, 503 when it does not."""
    try:
        ping(conn())
    except (psycopg.OperationalError, PoolTimeout):
        return {"status": "database away"}, 503
    return {"status": "ok"}
