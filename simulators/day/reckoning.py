"""Compares what was done with what is in the database and on the board. Pure.

A punch is found again by the identity its source gave it; a telephone call and a badge on a reader, whose
identity the outside does not know, by worker and instant, or by the instant alone where the core knows no
worker.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from homecare.alerts.model import AlertRow
from homecare.kernel.clock import Pace
from homecare.kernel.ids import VisitId
from homecare.punches.model import Channel, Edge
from homecare.punches.queries import JournalRow
from simulators.day.ledger import Sent
from simulators.day.model import Fate, Outage, Part, Script
from simulators.day.tempo import Tempo

_TAKEN = {"stored", "duplicate", "kept"}
# A call's instant is the whole second of its answer; reader and telephone read their clocks on their own.
_SAME_SECONDS = 2.0
_SAME_GESTURE_SECONDS = 6.0
_TELLING_SECONDS = 1.0
_RECOVERY_SECONDS = 8.0


@dataclass(slots=True)
class ChannelCount:
    """What became of one channel's punches.

    `astray`: matched to another visit or edge than the script's. `lost`: not in the database; `untold`: those
    of them whose sender was not told that they are taken, and knows to begin again.
    """

    sent: int = 0
    acknowledged: int = 0
    stored: int = 0
    matched: int = 0
    unmatched: int = 0
    astray: int = 0
    duplicates: int = 0
    lost: int = 0
    untold: int = 0


@dataclass(slots=True)
class AlertCount:
    """Alerts of the visits that were played and whose lateness is over.

    `injected`: visits that the script made late. `late_by_call_length`: visits in time whose call lasted
    until the alert was due. `during_cut`: those that became due while a server was away; they are not
    judged.
    """

    injected: int = 0
    raised: int = 0
    missed: int = 0
    spurious: int = 0
    late_by_call_length: int = 0
    during_cut: int = 0


@dataclass(slots=True)
class Found:
    """Each punch with its row in the database, and the rows that nobody sent."""

    rows: list[tuple[Sent, JournalRow | None]] = field(default_factory=list)
    others: list[JournalRow] = field(default_factory=list)


def find_rows(sent: Sequence[Sent], journal: Sequence[JournalRow], *, pace: Pace, tempo: Tempo) -> Found:
    """Give each punch its row; each row is one punch's."""
    by_key = {(row.channel, row.source_ref): row for row in journal}
    by_worker: dict[tuple[str, int | None], list[JournalRow]] = defaultdict(list)
    for kept in journal:
        by_worker[kept.channel, kept.worker_id].append(kept)
    found, used = Found(), set[int]()
    for one in sorted(sent, key=lambda one: (one.reference is None, one.made_at)):
        channel = one.gesture.way.channel.value
        row: JournalRow | None
        if one.reference is not None:
            row = by_key.get((channel, one.reference))
        else:
            theirs, nobodys = by_worker[channel, one.gesture.stop.worker], by_worker[channel, None]
            at, within = _instant(one, pace), tempo.shown(_SAME_SECONDS)
            visit = one.gesture.stop.visit
            row = _nearest((kept for kept in theirs if kept.id not in used), at, within, visit)
            row = row or _nearest((kept for kept in nobodys if kept.id not in used), at, within, visit)
        found.rows.append((one, row))
        if row is not None:
            used.add(row.id)
    found.others = [row for row in journal if row.id not in used]
    return found


def _instant(sent: Sent, pace: Pace) -> datetime:
    """Return the instant that has to be stored: a call's is the second of its answer."""
    by_phone = sent.gesture.way.channel is Channel.PHONE
    return pace.at(datetime.fromtimestamp(int(sent.made_at) if by_phone else sent.made_at, UTC))


def _nearest(
    rows: Iterable[JournalRow], at: datetime, within: timedelta, visit: VisitId
) -> JournalRow | None:
    """Return the row of that instant; of two in the same second of a fast day, the visit's own."""
    near = [row for row in rows if abs(row.punched_at - at) <= within]
    return min(near, key=lambda row: (abs(row.punched_at - at), row.visit_id != visit), default=None)


def count_channels(found: Found, *, pace: Pace, tempo: Tempo) -> dict[str, ChannelCount]:
    """Return the counts by channel; a row that nobody sent, beside one that somebody did, is a duplicate."""
    counts: dict[str, ChannelCount] = defaultdict(ChannelCount)
    for sent, row in found.rows:
        count = counts[sent.gesture.way.channel.value]
        count.sent += 1
        count.acknowledged += sent.answer in _TAKEN
        if row is None:
            count.lost += 1
            count.untold += sent.answer not in _TAKEN
            continue
        count.stored += 1
        count.matched += row.visit_id is not None
        count.unmatched += row.visit_id is None
        stop, edge = sent.gesture.stop, sent.gesture.edge.value
        count.astray += row.visit_id is not None and (row.visit_id, row.edge) != (stop.visit, edge)
    for row in found.others:
        for sent, _ in found.rows:
            if (
                row.channel == sent.gesture.way.channel.value
                and row.worker_id == sent.gesture.stop.worker
                and abs(row.punched_at - _instant(sent, pace)) <= tempo.shown(_SAME_GESTURE_SECONDS)
            ):
                counts[row.channel].duplicates += 1
                break
    return dict(sorted(counts.items()))


def first_known(found: Found, *, pace: Pace) -> dict[VisitId, datetime]:
    """Return when the core came to know of each visit's arrival: stored, or safe in its spool."""
    known: dict[VisitId, datetime] = {}
    rows = [(row.received_at, row) for row in found.others]
    for sent, row in found.rows:
        if row is not None:
            told = datetime.fromtimestamp(sent.sent_at, UTC)
            rows.append((pace.at(told) if sent.answer == "kept" else row.received_at, row))
    for at, row in rows:
        if row.visit_id is not None and row.edge == Edge.ARRIVAL.value:
            known[row.visit_id] = min(at, known.get(row.visit_id, at))
    return known


def kept_arrivals(found: Found) -> set[VisitId]:
    """Return the visits whose worker was told that the arrival is kept, the database being away."""
    return {
        sent.gesture.stop.visit
        for sent, _ in found.rows
        if sent.answer == "kept" and sent.gesture.edge is Edge.ARRIVAL
    }


def count_alerts(
    script: Script,
    alerts: Sequence[AlertRow],
    known: Mapping[VisitId, datetime],
    *,
    until: datetime,
    tempo: Tempo,
    outage: Outage | None = None,
    kept: AbstractSet[VisitId] = frozenset(),
) -> AlertCount:
    """Judge every visit whose alert was due before `until`.

    Of those that an outage touches, only where nobody came, and where the core itself had `kept` the
    arrival in time: what waited in telephones and boxes it could not know, and a lateness that is over when
    the database comes back is raised no more.
    """
    raised = Counter(alert.visit_id for alert in alerts)
    telling = tempo.shown(_TELLING_SECONDS)
    count = AlertCount()
    for part in script.parts:
        due = part.stop.first_due
        if due > until - telling or part.stop.has_begun:
            continue
        times, heard_at = raised[part.stop.visit], known.get(part.stop.visit)
        kept_in_time = part.stop.visit in kept and heard_at is not None and heard_at <= due
        if part.fate is not Fate.NO_SHOW and not kept_in_time and _in_cut(part, outage, tempo):
            count.during_cut += 1
            continue
        count.injected += part.fate is not Fate.ON_TIME
        count.raised += times
        count.spurious += max(0, times - 1)
        if heard_at is not None and abs(heard_at - due) <= telling:
            continue
        is_late = heard_at is None or heard_at > due
        count.late_by_call_length += is_late and part.fate is Fate.ON_TIME
        count.missed += times == 0 and (is_late or part.fate is not Fate.ON_TIME)
        count.spurious += times > 0 and not is_late
    return count


def _in_cut(part: Part, outage: Outage | None, tempo: Tempo) -> bool:
    if outage is None:
        return False
    around = tempo.shown(_RECOVERY_SECONDS)
    begins, ends = outage.begins_at - around, outage.ends_at + around
    instants = [part.stop.first_due, *(one.at for one in part.gestures if one.edge is Edge.ARRIVAL)]
    return any(begins <= instant <= ends for instant in instants)


def board_delays(found: Found, heard: Mapping[tuple[str, int], float]) -> list[float]:
    """Return, in milliseconds, how long after each punch the board was told of it.

    Measured from the last key of a call, the sending of a request, the publishing of a box, the reading of
    a badge; only where the core stored at once: what was kept, offline or sent again was late on purpose.
    """
    return [
        (told - sent.sent_at) * 1000
        for sent, row in found.rows
        if row is not None
        and sent.answer == "stored"
        and not sent.gesture.offline
        and not sent.gesture.lost_answers
        and (told := heard.get(("punch", row.id))) is not None
    ]
