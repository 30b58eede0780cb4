"""Judging taps before they are kept: a SUN message is checked, and each counter of a tag is used once.

A tap that proves nothing is refused and noted, never kept at a lower grade: somebody copied an address. What
a phone or a gateway kept for hours without network comes after later taps, and is taken if it fits between
them (docs/dev/decisions/0014-a-late-tap-fits-between-its-neighbours.md).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from homecare.clients.sun import read_tap
from homecare.clients.tag_keys import open_keys
from homecare.clients.tags import TagKind
from homecare.kernel import db
from homecare.kernel.ids import HomeId, OrganisationId
from homecare.kernel.sealing import Sealer
from homecare.punches.model import Claim, Sun, Tag, TagRefusal

CLOCKS_APART = timedelta(minutes=5)
"""How far the clocks of two telephones may be apart; the check-in message allows as much."""


@dataclass(frozen=True, slots=True)
class RefusedTap:
    """A claim that is no punch, why, and at whose home the tag is, if it is the organisation's."""

    claim: Claim
    refusal: TagRefusal
    home: HomeId | None = None


@dataclass(frozen=True, slots=True)
class _Tag:
    token: str
    home_id: HomeId
    kind: str
    uid: bytes | None
    keys: bytes | None


def judge_taps(conn: db.Conn, claims: Sequence[Claim], *, sealer: Sealer) -> list[Claim | RefusedTap]:
    """Return each claim of one organisation as it may be kept, or refused; in the order given.

    Claims that name no tag pass as they are. A tag's row is locked until the end of the transaction, so that
    of two taps with one counter, through two cores, one is kept.
    """
    tokens = {claim.where.token for claim in claims if isinstance(claim.where, Tag | Sun)}
    if not tokens:
        return list(claims)
    tags = _lock_tags(conn, tokens)
    judged = [_judge(conn, claim, tags, sealer) for claim in claims]
    _note_use(conn, [claim for claim in judged if isinstance(claim, Claim)], tags)
    return judged


def _judge(conn: db.Conn, claim: Claim, tags: Mapping[str, _Tag], sealer: Sealer) -> Claim | RefusedTap:
    where = claim.where
    if not isinstance(where, Tag | Sun):
        return claim
    tag = tags.get(where.token)
    if isinstance(where, Tag):
        # The address of a tag that proves itself, without the proof: it was copied.
        is_bare = tag is not None and tag.kind == TagKind.SUN
        return RefusedTap(claim, TagRefusal.UNPROVED, tag.home_id) if tag and is_bare else claim
    if tag is None and db.value(conn, OrganisationId, "SELECT find_tag(%s)", (where.token,)) is not None:
        return RefusedTap(claim, TagRefusal.FOREIGN)
    if tag is None or tag.keys is None:
        return replace(claim, where=Tag(where.token))  # nothing can check the message: it claims nothing
    tap = read_tap(where.message, open_keys(sealer, bytes(tag.keys), token=tag.token))
    if tap is None or tap.uid != bytes(tag.uid or b""):
        return RefusedTap(claim, TagRefusal.FORGED, tag.home_id)
    if not _use_counter(conn, tag, tap.counter, claim):
        return RefusedTap(claim, TagRefusal.REPLAYED, tag.home_id)
    return claim


def _lock_tags(conn: db.Conn, tokens: set[str]) -> dict[str, _Tag]:
    # In one order for everybody, so that two batches with common tags wait for each other without a deadlock.
    rows = db.many(
        conn,
        _Tag,
        """SELECT token, home_id, kind, uid, keys FROM home_tags WHERE token = ANY (%s)
           ORDER BY token FOR UPDATE""",
        (sorted(tokens),),
    )
    return {row.token: row for row in rows}


def _use_counter(conn: db.Conn, tag: _Tag, counter: int, claim: Claim) -> bool:
    """Use this counter of the tag for this claim. Return whether it may; the same claim may again."""
    source = claim.channel.value, claim.source_ref
    used = conn.execute(
        "SELECT channel, source_ref FROM tag_taps WHERE token = %s AND counter = %s", (tag.token, counter)
    ).fetchone()
    if used is not None:
        return used == source
    before, after = _neighbours(conn, tag.token, counter)
    if before is None or not fits(claim.punched_at, before=before, after=after):
        return False  # older than the enrolment, whose counter is the first; or out of its order
    taken = db.write(
        conn,
        """INSERT INTO tag_taps (token, counter, channel, source_ref, tapped_at) VALUES (%s, %s, %s, %s, %s)
           ON CONFLICT (token, counter) DO NOTHING""",
        (tag.token, counter, *source, claim.punched_at),
    )
    return taken == 1


def fits(at: datetime, *, before: datetime, after: datetime | None) -> bool:
    """Tell whether a tap may have been made between those whose counters stand around its own.

    One that comes after every other (`after` is None) fits whatever its time: a clock may be wrong.
    """
    return after is None or before - CLOCKS_APART <= at <= after + CLOCKS_APART


def _neighbours(conn: db.Conn, token: str, counter: int) -> tuple[datetime | None, datetime | None]:
    row = conn.execute(
        """SELECT (SELECT tapped_at FROM tag_taps WHERE token = %(token)s AND counter < %(counter)s
                   ORDER BY counter DESC LIMIT 1),
                  (SELECT tapped_at FROM tag_taps WHERE token = %(token)s AND counter > %(counter)s
                   ORDER BY counter LIMIT 1)""",
        {"token": token, "counter": counter},
    ).fetchone()
    return (None, None) if row is None else (row[0], row[1])


def _note_use(conn: db.Conn, kept: Sequence[Claim], tags: Mapping[str, _Tag]) -> None:
    last: dict[str, datetime] = {}
    for claim in kept:
        if isinstance(claim.where, Tag | Sun) and claim.where.token in tags:
            last[claim.where.token] = max(claim.punched_at, last.get(claim.where.token, claim.punched_at))
    if last:
        conn.execute(
            """UPDATE home_tags t SET used_at = greatest(t.used_at, u.at)
               FROM unnest(%s::text[], %s::timestamptz[]) AS u (token, at) WHERE t.token = u.token""",
            (list(last), list(last.values())),
        )
