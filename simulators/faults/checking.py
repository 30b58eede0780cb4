"""The comparison: everything that was acknowledged with everything that is stored."""

import sqlite3
from collections import Counter
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from simulators.faults.agency import Agency
from simulators.faults.journal import Intent, Journal
from simulators.faults.sources.reader import HELD_SECONDS, PATIENCE_SECONDS

type Name = tuple[str, str]
_SAME_INSTANT_SECONDS = 0.002
_READING_SECONDS = PATIENCE_SECONDS + HELD_SECONDS + 2.0


@dataclass(frozen=True, slots=True)
class Row:
    """A stored punch, as its claim says."""

    channel: str
    ref: str
    at: float
    where: list[object]
    who: list[object]

    @property
    def name(self) -> Name:
        """Its identity."""
        return self.channel, self.ref


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the comparison found; each list must be empty."""

    acknowledged: int
    stored: int
    lost: list[str] = field(default_factory=list)
    duplicated: list[str] = field(default_factory=list)
    phantom: list[str] = field(default_factory=list)
    altered: list[str] = field(default_factory=list)
    forged: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    conflicts: list[str] = field(default_factory=list)
    waiting: list[str] = field(default_factory=list)

    @property
    def is_clean(self) -> bool:
        """Whether nothing was found."""
        return not (
            self.lost
            or self.duplicated
            or self.phantom
            or self.altered
            or self.forged
            or self.refused
            or self.conflicts
            or self.waiting
        )


def read_rows(agency: Agency) -> list[Row]:
    """Return what the database has of this agency."""
    with agency.connect() as conn:
        rows = conn.execute(
            """SELECT channel, source_ref, extract(epoch FROM punched_at)::float8,
                      claim->'where', claim->'who'
               FROM punches"""
        ).fetchall()
    return [Row(*row) for row in rows]


def read_conflicts(agency: Agency) -> list[str]:
    """Return the identities under which another content came."""
    with agency.connect() as conn:
        rows = conn.execute("SELECT channel, source_ref FROM punch_conflicts").fetchall()
    return [f"{channel} {ref}" for channel, ref in rows]


def read_dead_letters(spools: Sequence[Path]) -> list[str]:
    """Return what a core had acknowledged and could not store. No core may be running."""
    found = []
    for spool in spools:
        with closing(sqlite3.connect(spool)) as database:
            for key, reason in database.execute("SELECT key, reason FROM dead_letters"):
                found.append(f"{key}: set aside, {reason}")
    return found


def compare(
    journal: Journal, rows: Sequence[Row], conflicts: Sequence[str], waiting: Sequence[str]
) -> Verdict:
    """Return the verdict over a run whose sources are all silent."""
    counts = Counter(row.name for row in rows)
    by_ref: dict[tuple[str, str | None], Intent] = {
        (intent.channel, intent.ref): intent for intent in journal.intents if intent.ref is not None
    }
    unnamed = [intent for intent in journal.intents if intent.ref is None]
    acknowledged = {(ack.channel, ack.ref) for ack in journal.acks}
    meant = {row.name: _meant(row, by_ref, unnamed) for row in rows}
    expected = {forgery.ref for forgery in journal.forgeries}
    return Verdict(
        acknowledged=len(acknowledged),
        stored=len(rows),
        lost=[f"{channel} {ref}" for channel, ref in sorted(acknowledged - set(counts))],
        duplicated=[f"{name[0]} {name[1]}" for name, count in sorted(counts.items()) if count > 1],
        phantom=[f"{row.channel} {row.ref}" for row in rows if meant[row.name] is None],
        altered=[
            f"{row.channel} {row.ref}"
            for row in rows
            if (intent := meant[row.name]) is not None and not _is_as_sent(row, intent)
        ],
        forged=_forged(journal, rows),
        refused=list(journal.refusals),
        conflicts=[name for name in conflicts if name.partition(" ")[2] not in expected],
        waiting=list(waiting),
    )


def _meant(
    row: Row, by_ref: dict[tuple[str, str | None], Intent], unnamed: Sequence[Intent]
) -> Intent | None:
    known = by_ref.get(row.name)
    if known is not None:
        return known
    return next(
        (
            intent
            for intent in unnamed
            if (intent.channel, intent.where, intent.who) == (row.channel, row.where, row.who)
            and intent.at - 1 <= row.at <= intent.at + _READING_SECONDS
        ),
        None,
    )


def _is_as_sent(row: Row, intent: Intent) -> bool:
    same_instant = intent.ref is None or abs(row.at - intent.at) < _SAME_INSTANT_SECONDS
    return same_instant and row.where == intent.where and row.who == intent.who


def _forged(journal: Journal, rows: Sequence[Row]) -> list[str]:
    taken = [f"{one.kind}: {one.answer}" for one in journal.forgeries if one.taken]
    honest = {intent.ref for intent in journal.intents}
    ends = {one.ref: one.kind for one in journal.forgeries}
    return taken + [
        f"{kind}: stored as {row.ref}"
        for row in rows
        for ref, kind in ends.items()
        if row.ref not in honest and row.ref.endswith(ref)
    ]
