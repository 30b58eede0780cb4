"""Lines, leaves, roots and seals of the ledger. Pure; `verify_ledger.py` computes the same on its own."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import date

FIRST_SEAL = bytes(32)
"""What stands before the seal of the first day."""
_LEAF, _NODE = b"\x00", b"\x01"


def write_line(record: Mapping[str, object]) -> bytes:
    """Return a record as the one line of text that is hashed and exported, without its line end."""
    return json.dumps(record, sort_keys=True, separators=(",", ":")).encode()


def leaf(line: bytes) -> bytes:
    """Return the leaf of one line: SHA-256 of 0x00 ‖ line (RFC 6962, 2.1)."""
    return hashlib.sha256(_LEAF + line).digest()


def merkle_root(leaves: Iterable[bytes]) -> tuple[bytes, int]:
    """Return the Merkle tree hash of the leaves in their order, and how many they were.

    One pass, in memory of the tree's height: perfect subtrees of equal size are joined as soon as there are
    two, which gives RFC 6962's tree, whose left part is the largest power of two. Without leaves it is the
    SHA-256 of nothing.
    """
    peaks: list[tuple[int, bytes]] = []  # (height, hash), the largest first
    count = 0
    for hash_ in leaves:
        count += 1
        height, top = 0, hash_
        while peaks and peaks[-1][0] == height:
            top = _join(peaks.pop()[1], top)
            height += 1
        peaks.append((height, top))
    if not peaks:
        return hashlib.sha256(b"").digest(), 0
    root = peaks.pop()[1]
    while peaks:
        root = _join(peaks.pop()[1], root)
    return root, count


def seal(previous: bytes, day: date, *, root: bytes, lines: int) -> bytes:
    """Return the seal of a day: SHA-256 of previous seal ‖ day (ISO 8601) ‖ lines (8 bytes) ‖ root."""
    return hashlib.sha256(previous + day.isoformat().encode() + lines.to_bytes(8) + root).digest()


def _join(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(_NODE + left + right).digest()
