"""Enrolling a tag at a station: the office begins, the station writes, the core registers what was read back.

The code that joins the three is shown once, good for half an hour and for one tag.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from homecare.clients.sun import UID_BYTES, TagKeys
from homecare.clients.tag_keys import draw_keys, open_keys, seal_keys
from homecare.clients.tags import TagKind, enrol_sun_tag, enrol_tag
from homecare.kernel import audit, db
from homecare.kernel.errors import InvalidError
from homecare.kernel.ids import HomeId, OrganisationId, UserId, new_token, token_hash
from homecare.kernel.sealing import Sealer

GOOD_FOR = timedelta(minutes=30)
_VOID = (
    "Ce code de pose a déjà servi ou n’est plus valable : demandez-en un nouveau sur la fiche du domicile."
)


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be written: the tag's token; its keys if it is to prove itself."""

    token: str
    keys: TagKeys | None


@dataclass(frozen=True, slots=True)
class _Begun:
    home_id: HomeId
    kind: str
    token: str
    keys: bytes | None
    begun_by: UserId


def begin_enrolment(
    conn: db.Conn, actor: audit.ByUser, home: HomeId, kind: TagKind, *, sealer: Sealer, now: datetime
) -> str:
    """Return the code for one tag of a home. Raises `InvalidError` for a SUN tag without a master key."""
    code, token = new_token(), new_token()
    keys = seal_keys(sealer, draw_keys(), token=token) if kind is TagKind.SUN else None
    conn.execute(
        """INSERT INTO tag_enrolments (code_hash, home_id, kind, token, keys, begun_by, expires_at)
           VALUES (%s, %s, %s, %s, %s, %s, %s)""",
        (token_hash(code), home, kind.value, token, keys, UserId(actor.id), now + GOOD_FOR),
    )
    audit.record(conn, actor, "clients.begin_tag_enrolment", home, now=now, after={"kind": kind.value})
    return code


def serve_enrolment(conn: db.Conn, code: str) -> None:
    """Let the transaction serve the organisation whose code this is. Raises `InvalidError` for none."""
    found = db.value(conn, OrganisationId, "SELECT find_tag_enrolment(%s)", (token_hash(code),))
    if found is None:
        raise InvalidError(_VOID)
    db.use_organisation(conn, found)


def read_order(conn: db.Conn, code: str, *, sealer: Sealer, now: datetime) -> Order:
    """Return what the code orders, as often as it is asked until it is used. Raises `InvalidError`."""
    begun = _find(conn, code, now=now)
    keys = None if begun.keys is None else open_keys(sealer, bytes(begun.keys), token=begun.token)
    return Order(begun.token, keys)


def finish_enrolment(
    conn: db.Conn, code: str, *, uid: bytes, message: str, sealer: Sealer, now: datetime
) -> TagKind:
    """Register the tag that was written: `uid` is its chip's, `message` what it said when it was read back.

    Raises `InvalidError` when the code was used, the chip is enrolled elsewhere or proves nothing.
    """
    begun = _find(conn, code, now=now)
    used = db.write(
        conn,
        "UPDATE tag_enrolments SET finished_at = %s WHERE code_hash = %s AND finished_at IS NULL",
        (now, token_hash(code)),
    )
    if not used:
        raise InvalidError(_VOID)
    if begun.keys is None:
        chip = uid if len(uid) == UID_BYTES else None
        enrol_tag(conn, begun.home_id, begun.token, now=now, uid=chip)
    else:
        enrol_sun_tag(
            conn,
            begun.home_id,
            begun.token,
            keys=open_keys(sealer, bytes(begun.keys), token=begun.token),
            uid=uid,
            message=message,
            sealer=sealer,
            now=now,
        )
    actor = audit.ByUser(begun.begun_by)
    after = {"kind": begun.kind, "uid": uid.hex()}
    audit.record(conn, actor, "clients.enrol_tag", begun.home_id, now=now, after=after)
    return TagKind(begun.kind)


def _find(conn: db.Conn, code: str, *, now: datetime) -> _Begun:
    found = db.maybe(
        conn,
        _Begun,
        """SELECT home_id, kind, token, keys, begun_by FROM tag_enrolments
           WHERE code_hash = %s AND finished_at IS NULL AND expires_at > %s""",
        (token_hash(code), now),
    )
    if found is None:
        raise InvalidError(_VOID)
    return found
