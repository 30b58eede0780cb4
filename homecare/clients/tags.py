"""The tags stuck at homes: a plain one holds an address that anybody can copy, a SUN tag proves each tap.

A token is never given twice, also not after its tag was retired.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import psycopg

from homecare.clients.sun import TagKeys, read_tap
from homecare.clients.tag_keys import seal_keys
from homecare.kernel import db
from homecare.kernel.errors import InvalidError
from homecare.kernel.ids import HomeId
from homecare.kernel.sealing import Sealer

ENROLMENT = "enrolment"
"""In the place of a punch's channel: the counter at the enrolment. Older ones are void."""


class TagKind(StrEnum):
    """What a tag can prove."""

    PLAIN = "plain"
    SUN = "sun"


@dataclass(frozen=True, slots=True)
class TagCard:
    """A tag of a home, as its card shows it. `counter` is the highest that a SUN tag has shown."""

    token: str
    kind: str
    uid: bytes | None
    enrolled_at: datetime
    used_at: datetime | None
    counter: int | None


@dataclass(frozen=True, slots=True)
class _NewTag:
    token: str
    kind: TagKind
    uid: bytes | None
    keys: bytes | None = None


def list_tags(conn: db.Conn, home: HomeId) -> list[TagCard]:
    """Return the tags in use at a home, the oldest first."""
    return db.many(
        conn,
        TagCard,
        """SELECT t.token, t.kind, t.uid, t.enrolled_at, t.used_at,
                  (SELECT max(counter) FROM tag_taps p WHERE p.token = t.token) AS counter
           FROM home_tags t WHERE t.home_id = %s AND t.retired_at IS NULL ORDER BY t.enrolled_at, t.token""",
        (home,),
    )


def enrol_tag(conn: db.Conn, home: HomeId, token: str, *, now: datetime, uid: bytes | None = None) -> None:
    """Register a plain tag at a home. Raises `InvalidError` when the tag is in use already."""
    _insert(conn, home, _NewTag(token, TagKind.PLAIN, uid), now=now)


def enrol_sun_tag(
    conn: db.Conn,
    home: HomeId,
    token: str,
    *,
    keys: TagKeys,
    uid: bytes,
    message: str,
    sealer: Sealer,
    now: datetime,
) -> None:
    """Register a SUN tag at a home, whose keys are on the chip: `message`, read from it, has to prove so.

    Raises `InvalidError` when it does not, or when the chip or the token is in use already.
    """
    tap = read_tap(message, keys)
    if tap is None or tap.uid != uid:
        raise InvalidError("L’étiquette n’a pas prouvé qu’elle porte ces clés : recommencez la pose.")
    _insert(conn, home, _NewTag(token, TagKind.SUN, uid, seal_keys(sealer, keys, token=token)), now=now)
    conn.execute(
        "INSERT INTO tag_taps (token, counter, channel, source_ref, tapped_at) VALUES (%s, %s, %s, '', %s)",
        (token, tap.counter, ENROLMENT, now),
    )


def _insert(conn: db.Conn, home: HomeId, tag: _NewTag, *, now: datetime) -> None:
    try:
        with conn.transaction():
            conn.execute(
                """INSERT INTO home_tags (token, home_id, enrolled_at, kind, uid, keys)
                   VALUES (%s, %s, %s, %s, %s, %s)""",
                (tag.token, home, now, tag.kind.value, tag.uid, tag.keys),
            )
    except psycopg.errors.UniqueViolation:
        raise InvalidError("Cette étiquette est déjà posée ailleurs.") from None


def retire_tag(conn: db.Conn, home: HomeId, token: str, *, now: datetime) -> None:
    """Let a tag prove nothing any more: it was lost, or taken off."""
    conn.execute(
        "UPDATE home_tags SET retired_at = %s WHERE home_id = %s AND token = %s AND retired_at IS NULL",
        (now, home, token),
    )
