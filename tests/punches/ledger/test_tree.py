"""The Merkle tree of a day, against its recursive definition in RFC 6962."""

import hashlib
from datetime import date

import pytest

from homecare.punches.ledger.tree import FIRST_SEAL, leaf, merkle_root, seal

LEAVES = [leaf(str(number).encode()) for number in range(70)]


def recursive_root(leaves: list[bytes]) -> bytes:
    """RFC 6962, 2.1, to the letter."""
    if len(leaves) <= 1:
        return leaves[0] if leaves else hashlib.sha256(b"").digest()
    left = 1
    while left * 2 < len(leaves):
        left *= 2
    return hashlib.sha256(b"\x01" + recursive_root(leaves[:left]) + recursive_root(leaves[left:])).digest()


@pytest.mark.parametrize("count", [*range(18), 31, 32, 33, 64, 70])
def test_the_root_is_that_of_the_standard_for_any_number_of_lines(count: int) -> None:
    assert merkle_root(iter(LEAVES[:count])) == (recursive_root(LEAVES[:count]), count)


def test_the_root_tells_the_order_of_the_lines() -> None:
    assert merkle_root(LEAVES[:4]) != merkle_root([*LEAVES[2:4], *LEAVES[:2]])


def test_a_seal_depends_on_the_day_before_the_day_its_lines_and_their_number() -> None:
    day, root = date(2026, 11, 24), LEAVES[0]
    seals = {
        seal(FIRST_SEAL, day, root=root, lines=3),
        seal(LEAVES[1], day, root=root, lines=3),
        seal(FIRST_SEAL, date(2026, 11, 25), root=root, lines=3),
        seal(FIRST_SEAL, day, root=LEAVES[1], lines=3),
        seal(FIRST_SEAL, day, root=root, lines=4),
    }
    assert len(seals) == 5
