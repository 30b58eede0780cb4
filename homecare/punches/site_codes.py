"""Rotating codes: what a day centre's tablet shows, a new one every thirty seconds, and their check.

    code = TABLET.MOMENT.MAC        MOMENT = real Unix time // 30
    MAC  = first 12 bytes of HMAC-SHA-256(key of the tablet, "MOMENT"), base64url
    key of the tablet = HMAC-SHA-256(the installation's code key, "site code|ORGANISATION|TABLET")

The core makes each code for a tablet that proves itself, so no key is on the tablet, and a revoked one shows
nothing from the next half minute on. A code is taken for its own half minute and one more (to aim, to
press), once by each worker.

Grade: B, like the home's line. Whoever reads the code has seen that one screen within the minute, which a
printed label (C: photographed once, good for years) does not show. It is not A: a picture sent to somebody
else at once passes, and no secret answers a challenge as a 424 tag's does. A code read without network comes
later, with the telephone's own time alone to say when; a set-back clock would make a kept photograph look
fresh. Such a late one is checked against that time and taken, graded C.
"""

import base64
import hmac
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from homecare.kernel import db
from homecare.kernel.ids import OrganisationId, SiteId, TabletId, WorkerId
from homecare.punches.model import SiteCode

PERIOD_S = 30
SLACK = timedelta(seconds=5)
"""By how much a telephone's clock may be ahead of the core's."""
GRACE = timedelta(seconds=PERIOD_S)
AT_ONCE = timedelta(minutes=2)
"""How soon after its gesture a code must arrive for its time to be the core's own finding."""

_CODE = re.compile(r"(?P<tablet>[1-9][0-9]{0,17})\.(?P<moment>[0-9]{1,12})\.(?P<mac>[A-Za-z0-9_-]{16})")


class CodeRefusal(StrEnum):
    """Why a code proves nothing; the value is the refusal's status."""

    FORGED = "code_forged"
    EXPIRED = "code_expired"
    REUSED = "code_reused"


@dataclass(frozen=True, slots=True)
class Reading:
    """A code as a worker's telephone read it: `at` by its own clock, `received_at` by ours, both real."""

    code: str
    worker: WorkerId
    punch_key: str
    at: datetime
    received_at: datetime


def moment_of(real: datetime) -> int:
    """Return the number of the half minute."""
    return int(real.timestamp()) // PERIOD_S


def make_code(key: str, organisation: OrganisationId, tablet: TabletId, moment: int) -> str:
    """Return the code that a tablet shows during a half minute. `key` is the installation's code key."""
    return f"{tablet}.{moment}.{_mac(key, organisation, tablet, moment)}"


def is_code(text: str) -> bool:
    """Tell whether a text has the form of a code."""
    return _CODE.fullmatch(text) is not None


def site_of_code(conn: db.Conn, code: str) -> SiteId | None:
    """Return the site whose tablet the code names, without judging it."""
    named = _CODE.fullmatch(code)
    if named is None:
        return None
    return db.value(conn, SiteId, "SELECT site_id FROM site_tablets WHERE id = %s", (int(named["tablet"]),))


def judge_code(
    conn: db.Conn, key: str, organisation: OrganisationId, reading: Reading
) -> SiteCode | CodeRefusal:
    """Return the place that the code proves, or why it proves none. Its use is noted, once per worker.

    The same punch sent again finds its own use and is no second one.
    """
    named = _CODE.fullmatch(reading.code)
    if named is None:
        return CodeRefusal.FORGED
    tablet, moment = TabletId(int(named["tablet"])), int(named["moment"])
    if not hmac.compare_digest(named["mac"], _mac(key, organisation, tablet, moment)):
        return CodeRefusal.FORGED
    site = db.value(
        conn, SiteId, "SELECT site_id FROM site_tablets WHERE id = %s AND revoked_at IS NULL", (tablet,)
    )
    begins = moment * PERIOD_S
    since, until = begins - SLACK.total_seconds(), begins + PERIOD_S + GRACE.total_seconds()
    if site is None or not since <= reading.at.timestamp() <= until:
        return CodeRefusal.EXPIRED
    if not _use(conn, tablet, moment, reading):
        return CodeRefusal.REUSED
    return SiteCode(site, tablet, moment, is_fresh=reading.received_at - reading.at <= AT_ONCE)


def _mac(key: str, organisation: OrganisationId, tablet: TabletId, moment: int) -> str:
    own = hmac.digest(key.encode(), f"site code|{organisation}|{tablet}".encode(), "sha256")
    return base64.urlsafe_b64encode(hmac.digest(own, str(moment).encode(), "sha256")[:12]).decode()


def _use(conn: db.Conn, tablet: TabletId, moment: int, reading: Reading) -> bool:
    conn.execute(
        """INSERT INTO site_code_uses (tablet_id, moment, worker_id, punch_key) VALUES (%s, %s, %s, %s)
           ON CONFLICT DO NOTHING""",
        (tablet, moment, reading.worker, reading.punch_key),
    )
    first = db.value(
        conn,
        str,
        "SELECT punch_key FROM site_code_uses WHERE tablet_id = %s AND moment = %s AND worker_id = %s",
        (tablet, moment, reading.worker),
    )
    return first == reading.punch_key
