"""Keeping claims: what is acknowledged. One key, one raw row, one link of the chain.

A resend changes nothing. Set-based: a batch of any size costs the same handful of statements.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from psycopg.types.json import Jsonb

from homecare.kernel import db
from homecare.kernel.ids import PunchId
from homecare.punches.model import Claim, Status, claim_record

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


def keep(conn: db.Conn, claims: Sequence[Claim], *, core_instance: str, now: datetime) -> list[Stored]:
    """Keep a batch of claims of one organisation, in order, and tell for each what became of it."""
    fresh: dict[tuple[str, str], Claim] = {}
    for claim in claims:
        fresh.setdefault((claim.channel.value, claim.source_ref), claim)
    new = {(key.channel, key.source_ref) for key in _insert_keys(conn, list(fresh.values()))}
    stored = {(key.channel, key.source_ref): key for key in _read_keys(conn, list(fresh))}
    outcome: list[Stored] = []
    for claim in claims:
        name = (claim.channel.value, claim.source_ref)
        key = stored[name]
        status = _status(claim, key, first=name in new)
        new.discard(name)
        outcome.append(Stored(claim, status, key.punch_id, key.punched_at))
    _insert_rows(conn, [one for one in outcome if one.status is Status.STORED], core_instance, now)
    _note_conflicts(conn, [one.claim for one in outcome if one.status is Status.CONFLICT], now)
    return outcome


def link_hash(previous: bytes, number: int, digest: bytes) -> bytes:
    """Return the hash of one link of the chain: SHA-256 of previous hash ‖ number (8 bytes) ‖ digest."""
    return hashlib.sha256(previous + number.to_bytes(8) + digest).digest()


def _status(claim: Claim, key: _Key, *, first: bool) -> Status:
    if first:
        return Status.STORED
    return Status.DUPLICATE if claim.digest() == bytes(key.digest) else Status.CONFLICT


def _insert_keys(conn: db.Conn, claims: Sequence[Claim]) -> list[_Key]:
    # In one order for everybody, so that two batches with common keys wait for each other without a deadlock.
    ordered = sorted(claims, key=lambda claim: (claim.channel.value, claim.source_ref))
    return db.many(
        conn,
        _Key,
        """INSERT INTO punch_keys (channel, source_ref, punch_id, punched_at, digest)
           SELECT channel, source_ref, nextval('punch_ids'), punched_at, digest
           FROM unnest(%s::text[], %s::text[], %s::timestamptz[], %s::bytea[])
                AS c (channel, source_ref, punched_at, digest)
           ON CONFLICT DO NOTHING
           RETURNING channel, source_ref, punch_id, punched_at, digest""",
        (
            [claim.channel.value for claim in ordered],
            [claim.source_ref for claim in ordered],
            [claim.punched_at for claim in ordered],
            [claim.digest() for claim in ordered],
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


def _insert_rows(conn: db.Conn, kept: Sequence[Stored], core_instance: str, now: datetime) -> None:
    if not kept:
        return
    number, hash_ = _lock_chain(conn, core_instance)
    numbers: list[int] = []
    hashes: list[bytes] = []
    digests = [one.claim.digest() for one in kept]
    for digest in digests:
        number += 1
        hash_ = link_hash(hash_, number, digest)
        numbers.append(number)
        hashes.append(hash_)
    conn.execute(
        """INSERT INTO punches (id, channel, source_ref, punched_at, received_at, claim, digest, proof,
                                core_instance, chain_number, chain_hash)
           SELECT id, channel, source_ref, punched_at, %s, claim, digest, proof, %s, number, hash
           FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::timestamptz[], %s::jsonb[], %s::bytea[],
                       %s::text[], %s::bigint[], %s::bytea[])
                AS p (id, channel, source_ref, punched_at, claim, digest, proof, number, hash)""",
        (
            now,
            core_instance,
            [one.punch for one in kept],
            [one.claim.channel.value for one in kept],
            [one.claim.source_ref for one in kept],
            [one.punched_at for one in kept],
            [Jsonb(claim_record(one.claim)) for one in kept],
            digests,
            [one.claim.proof().value for one in kept],
            numbers,
            hashes,
        ),
    )
    conn.execute(
        "UPDATE punch_chains SET number = %s, hash = %s WHERE core_instance = %s",
        (number, hash_, core_instance),
    )


def _lock_chain(conn: db.Conn, core_instance: str) -> tuple[int, bytes]:
    conn.execute(
        "INSERT INTO punch_chains (core_instance, number, hash) VALUES (%s, 0, %s) ON CONFLICT DO NOTHING",
        (core_instance, GENESIS),
    )
    row = conn.execute(
        "SELECT number, hash FROM punch_chains WHERE core_instance = %s FOR UPDATE", (core_instance,)
    ).fetchone()
    if row is None:
        raise LookupError("the chain's head is missing")
    return row[0], bytes(row[1])


def _note_conflicts(conn: db.Conn, claims: Sequence[Claim], now: datetime) -> None:
    for claim in claims:
        conn.execute(
            """INSERT INTO punch_conflicts (channel, source_ref, received_at, claim, digest)
               VALUES (%s, %s, %s, %s, %s) ON CONFLICT DO NOTHING""",
            (claim.channel.value, claim.source_ref, now, Jsonb(claim_record(claim)), claim.digest()),
        )
