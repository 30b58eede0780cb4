"""Keeping claims: what is acknowledged. One key, one raw row, one link of the chain.

A resend changes nothing. Set-based: a batch of any size costs the same handful of statements.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from psycopg.types.json import Jsonb

from homecare.kernel import db
from homecare.kernel.ids import PunchId
from homecare.punches.model import Claim, Status, claim_record, claim_text

GENESIS = bytes(32)


@dataclass(frozen=True, slots=True)
class Stored:
    """A claim and what keeping made of it. For a resend, `punch` and `punched_at` are the first one's."""

    claim: Claim
    status: Status
    punch: PunchId
    punched_at: datetime


@dataclass(frozen=True, slots=True)
class _Key:
    channel: str
    source_ref: str
    punch_id: PunchId
    punched_at: datetime
    digest: bytes


@dataclass(frozen=True, slots=True)
class _Written:
    """A claim with its one text and its digest: made once, used for key, row and chain."""

    claim: Claim
    text: str
    digest: bytes

    @property
    def name(self) -> tuple[str, str]:
        return self.claim.channel.value, self.claim.source_ref


def keep(conn: db.Conn, claims: Sequence[Claim], *, core_instance: str, now: datetime) -> list[Stored]:
    """Keep a batch of claims of one organisation, in order, and tell for each what became of it."""
    written = [_write(claim) for claim in claims]
    first: dict[tuple[str, str], _Written] = {}
    for one in written:
        first.setdefault(one.name, one)
    keys = {(key.channel, key.source_ref): key for key in _insert_keys(conn, first.values())}
    new = set(keys)
    known = [name for name in first if name not in new]
    if known:
        keys |= {(key.channel, key.source_ref): key for key in _read_keys(conn, known)}
    outcome: list[Stored] = []
    fresh: list[tuple[PunchId, _Written]] = []
    conflicts: list[_Written] = []
    for one in written:
        key = keys[one.name]
        status = Status.DUPLICATE if one.digest == bytes(key.digest) else Status.CONFLICT
        if one.name in new:
            new.remove(one.name)
            status = Status.STORED
            fresh.append((key.punch_id, one))
        elif status is Status.CONFLICT:
            conflicts.append(one)
        outcome.append(Stored(one.claim, status, key.punch_id, key.punched_at))
    if fresh:
        _insert_rows(conn, fresh, core_instance, now)
    _note_conflicts(conn, conflicts, now)
    return outcome


def link_hash(previous: bytes, number: int, digest: bytes) -> bytes:
    """Return the hash of one link of the chain: SHA-256 of previous hash ‖ number (8 bytes) ‖ digest."""
    return hashlib.sha256(previous + number.to_bytes(8) + digest).digest()


def _write(claim: Claim) -> _Written:
    text = claim_text(claim)
    return _Written(claim, text, hashlib.sha256(text.encode()).digest())


def _insert_keys(conn: db.Conn, written: Iterable[_Written]) -> list[_Key]:
    # In one order for everybody, so that two batches with common keys wait for each other without a deadlock.
    ordered = sorted(written, key=lambda one: one.name)
    return db.many(
        conn,
        _Key,
        """INSERT INTO punch_keys (channel, source_ref, punch_id, punched_at, digest)
           SELECT channel, source_ref, nextval('punch_ids'), punched_at, digest
           FROM unnest(%b::text[], %b::text[], %b::timestamptz[], %b::bytea[])
                AS c (channel, source_ref, punched_at, digest)
           ON CONFLICT DO NOTHING
           RETURNING channel, source_ref, punch_id, punched_at, digest""",
        (
            [one.claim.channel.value for one in ordered],
            [one.claim.source_ref for one in ordered],
            [one.claim.punched_at for one in ordered],
            [one.digest for one in ordered],
        ),
    )


def _read_keys(conn: db.Conn, names: Sequence[tuple[str, str]]) -> list[_Key]:
    return db.many(
        conn,
        _Key,
        """SELECT k.channel, k.source_ref, k.punch_id, k.punched_at, k.digest
           FROM punch_keys k
           JOIN unnest(%s::text[], %s::text[]) AS n (channel, source_ref)
             ON k.channel = n.channel AND k.source_ref = n.source_ref""",
        ([channel for channel, _ in names], [reference for _, reference in names]),
    )


def _insert_rows(
    conn: db.Conn, fresh: Sequence[tuple[PunchId, _Written]], core_instance: str, now: datetime
) -> None:
    number, hash_ = _lock_chain(conn, core_instance)
    numbers: list[int] = []
    hashes: list[bytes] = []
    for _, one in fresh:
        number += 1
        hash_ = link_hash(hash_, number, one.digest)
        numbers.append(number)
        hashes.append(hash_)
    # Binary arrays: a text array would be escaped, value by value. The chain's head moves on the same way.
    conn.execute(
        """WITH head AS (
               UPDATE punch_chains SET number = %(number)b, hash = %(hash)b WHERE core_instance = %(core)b
           )
           INSERT INTO punches (id, channel, source_ref, punched_at, received_at, claim, digest, proof,
                                core_instance, chain_number, chain_hash)
           SELECT id, channel, source_ref, punched_at, %(now)b, claim::jsonb, digest, proof, %(core)b, number,
                  hash
           FROM unnest(%(ids)b::bigint[], %(channels)b::text[], %(references)b::text[],
                       %(times)b::timestamptz[], %(texts)b::text[], %(digests)b::bytea[], %(proofs)b::text[],
                       %(numbers)b::bigint[], %(hashes)b::bytea[])
                AS p (id, channel, source_ref, punched_at, claim, digest, proof, number, hash)""",
        {
            "number": number,
            "hash": hash_,
            "core": core_instance,
            "now": now,
            "ids": [punch for punch, _ in fresh],
            "channels": [one.claim.channel.value for _, one in fresh],
            "references": [one.claim.source_ref for _, one in fresh],
            "times": [one.claim.punched_at for _, one in fresh],
            "texts": [one.text for _, one in fresh],
            "digests": [one.digest for _, one in fresh],
            "proofs": [one.claim.proof().value for _, one in fresh],
            "numbers": numbers,
            "hashes": hashes,
        },
    )


def _lock_chain(conn: db.Conn, core_instance: str) -> tuple[int, bytes]:
    """Return the chain's last link, which nobody else extends until the end of the transaction."""
    for _ in range(2):
        row = conn.execute(
            "SELECT number, hash FROM punch_chains WHERE core_instance = %s FOR UPDATE", (core_instance,)
        ).fetchone()
        if row is not None:
            return row[0], bytes(row[1])
        conn.execute(
            """INSERT INTO punch_chains (core_instance, number, hash) VALUES (%s, 0, %s)
               ON CONFLICT DO NOTHING""",
            (core_instance, GENESIS),
        )
    raise LookupError("the chain's head is missing")


def _note_conflicts(conn: db.Conn, conflicts: Sequence[_Written], now: datetime) -> None:
    for one in conflicts:
        conn.execute(
            """INSERT INTO punch_conflicts (channel, source_ref, received_at, claim, digest)
               VALUES (%s, %s, %s, %s, %s) ON CONFLICT DO NOTHING""",
            (*one.name, now, Jsonb(claim_record(one.claim)), one.digest),
        )
