"""What does not fit in signed punches that are kept: a number left out, a chain that forks, a clock set back.

Nothing here refuses: a flag stands beside the punch, for the office to see. A batch costs a handful of
statements, and nothing when no claim is signed.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from homecare.kernel import db
from homecare.kernel.ids import PunchId
from homecare.punches.model import Claim
from homecare.punches.signing import WRONG_SECONDS, Flag, SignedEntry, entry_of


@dataclass(frozen=True, slots=True)
class _Judged:
    """An entry with what was found; `punch` is None for one that was refused for another reason."""

    entry: SignedEntry
    punch: PunchId | None
    flags: tuple[Flag, ...]
    missing: int
    skew_seconds: int | None


@dataclass(slots=True)
class _Known:
    """What is known of a telephone: the entries around those of a batch, by number."""

    enrolled: bool = False
    skew_seconds: int | None = None
    hashes: dict[int, bytes] = field(default_factory=dict)


def judge(conn: db.Conn, punches: Sequence[tuple[PunchId, Claim]]) -> None:
    """Note what does not fit in the signed ones of these punches of one organisation."""
    signed = [(entry, punch) for punch, claim in punches if (entry := entry_of(claim)) is not None]
    if not signed:
        return
    known = _lock_phones(conn, [entry for entry, _ in signed])
    ordered = sorted(signed, key=lambda one: (one[0].phone, one[0].number))
    _write(conn, [_judge_one(known[entry.phone], entry, punch) for entry, punch in ordered])


def note_refused(conn: db.Conn, entry: SignedEntry) -> None:
    """Note a signed entry that became no punch, so that its number does not count as left out."""
    _lock_phones(conn, [entry])
    _write(conn, [_Judged(entry, None, (), 0, entry.clock.skew_seconds)])


def _judge_one(known: _Known, entry: SignedEntry, punch: PunchId) -> _Judged:
    flags: list[Flag] = []
    missing = 0
    if not known.enrolled:
        flags.append(Flag.UNKNOWN_PHONE)
    before = bytes.fromhex(entry.phone) if entry.number == 1 else known.hashes.get(entry.number - 1)
    taken = known.hashes.setdefault(entry.number, entry.hash)
    if taken != entry.hash or before not in (None, entry.previous):
        flags.append(Flag.FORK)
    elif before is None:
        flags.append(Flag.GAP)
        below = (number for number in known.hashes if number < entry.number)
        missing = entry.number - 1 - max(below, default=0)
    # The instant that the telephone showed, not the agency's, which a demonstration runs faster.
    if entry.clock.went_back(entry.at):
        flags.append(Flag.CLOCK_BACK)
    skews = [skew for skew in (entry.clock.skew_seconds, known.skew_seconds) if skew is not None]
    worst = max(skews, key=abs, default=None)
    if worst is not None and abs(worst) > WRONG_SECONDS:
        flags.append(Flag.CLOCK_WRONG)
    return _Judged(entry, punch, tuple(flags), missing, worst)


def _lock_phones(conn: db.Conn, entries: Sequence[SignedEntry]) -> dict[str, _Known]:
    """Return what is known of the telephones; nobody else adds entries of theirs until the end."""
    phones = sorted({entry.phone for entry in entries})
    known = {phone: _Known() for phone in phones}
    locked = conn.execute(
        "SELECT id, skew_seconds FROM worker_phones WHERE id = ANY (%s) ORDER BY id FOR UPDATE", (phones,)
    )
    for phone, skew in locked:
        known[phone].enrolled, known[phone].skew_seconds = True, skew
    rows = conn.execute(
        """SELECT a.phone, e.number, e.entry_hash
           FROM unnest(%s::text[], %s::bigint[]) AS a (phone, number)
           CROSS JOIN LATERAL (SELECT number, entry_hash FROM phone_entries
                               WHERE phone_id = a.phone AND number <= a.number
                               ORDER BY number DESC LIMIT 2) e""",
        ([entry.phone for entry in entries], [entry.number for entry in entries]),
    )
    for phone, number, hash_ in rows:
        known[phone].hashes.setdefault(number, bytes(hash_))
    return known


def _write(conn: db.Conn, judged: Sequence[_Judged]) -> None:
    # One that comes late closes what was left out before the one after it.
    conn.execute(
        """UPDATE phone_entries e
           SET missing = e.number - a.number - 1,
               flags = CASE WHEN e.number = a.number + 1 THEN array_remove(e.flags, 'gap') ELSE e.flags END
           FROM unnest(%s::text[], %s::bigint[]) AS a (phone, number)
           WHERE e.phone_id = a.phone AND e.missing > 0 AND e.number > a.number
             AND e.number - e.missing <= a.number""",
        ([one.entry.phone for one in judged], [one.entry.number for one in judged]),
    )
    with conn.cursor() as cursor:
        cursor.executemany(
            """INSERT INTO phone_entries
                   (phone_id, number, entry_hash, punch_id, flags, missing, skew_seconds)
               VALUES (%s, %s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING""",
            [
                (
                    one.entry.phone,
                    one.entry.number,
                    one.entry.hash,
                    one.punch,
                    [flag.value for flag in one.flags],
                    one.missing,
                    one.skew_seconds,
                )
                for one in judged
            ],
        )
