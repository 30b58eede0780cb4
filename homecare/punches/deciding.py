"""What a coordinator decides of a punch that waits: it belongs to a visit, or it is rejected with a reason.

Nothing else can become of it, and either may be taken back: the punch then waits again as it did. The raw row
stays as it is; what was made of it, who decided it and when stand beside, for good.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from homecare.kernel import audit, db
from homecare.kernel.calendar import PARIS
from homecare.kernel.errors import InvalidError, NotFoundError, StaleError
from homecare.kernel.ids import AreaId, HomeId, OrganisationId, PunchId, UserId, VisitId, WorkerId
from homecare.kernel.text import clean_notes, require_line
from homecare.punches.couples import fold
from homecare.punches.matching import SAME_GESTURE
from homecare.punches.model import Doubt, Edge
from homecare.punches.proposals import Obstacle, obstacle
from homecare.punches.waiting import read_known
from homecare.visits.couples import find_couples
from homecare.visits.model import Visit
from homecare.visits.operations import note_ends, take_back_ends
from homecare.visits.queries import candidates, find_visit
from homecare.visits.replacement import give_back, replace_worker


class RejectReason(StrEnum):
    """Why a punch belongs to no visit."""

    DUPLICATE = "duplicate"
    MISTAKE = "mistake"
    STRANGER = "stranger"
    NO_WORK = "no_work"
    OTHER = "other"


class DecidedError(InvalidError):
    """Somebody decided it already; the sentence says who, what and when."""


@dataclass(frozen=True, slots=True)
class Decided:
    """What was decided or taken back: the visits whose ends changed, none for a rejection."""

    punch: PunchId
    punched_at: datetime
    visits: list[VisitId]


@dataclass(frozen=True, slots=True)
class _Held:
    """The punch as it stands; nobody else decides on it until the transaction ends."""

    organisation_id: OrganisationId
    punch_id: PunchId
    punched_at: datetime
    home_id: HomeId | None
    worker_id: WorkerId | None
    edge: str | None
    visit_id: VisitId | None
    doubt: str | None
    area_id: AreaId | None
    waits: bool


_OUT_OF_REACH = "Ce pointage n’existe pas ou n’est pas accessible avec votre compte."
_OBSTACLES: Mapping[Obstacle, str] = {
    Obstacle.CANCELLED: "Cette intervention est annulée\N{NO-BREAK SPACE}: elle ne peut avoir de pointage.",
    Obstacle.HAS_ARRIVAL: "Cette intervention a déjà son arrivée, à {arrival}.",
    Obstacle.HAS_DEPARTURE: "Cette intervention a déjà son départ, à {departure}.",
    Obstacle.BEFORE_ARRIVAL: "Ce départ ({at}) ne vient pas après l’arrivée déjà pointée ({arrival}).",
    Obstacle.AFTER_DEPARTURE: "Cette arrivée ({at}) ne vient pas avant le départ déjà pointé ({departure}).",
    Obstacle.TOO_FAR: "Cette intervention est à plus de seize heures de ce pointage.",
}


def link(
    conn: db.Conn,
    actor: audit.ByUser,
    punch: PunchId,
    visit: VisitId,
    edge: Edge,
    *,
    now: datetime,
    instead_of: WorkerId | None = None,
) -> Decided:
    """Make a punch that waits this end of the visit, as if it had been matched at once.

    A visit that somebody else, `instead_of`, is planned for becomes the one's who punched. Raises
    `DecidedError` when the punch waits no more, `InvalidError` when the visit cannot have it, `StaleError`
    when the visit is not `instead_of`'s any more, `NotFoundError` out of reach.
    """
    held = _hold(conn, punch)
    conn.execute("SELECT FROM visits WHERE id = %s FOR UPDATE", (visit,))
    found = find_visit(conn, visit)
    against = obstacle(found, edge, held.punched_at)
    if against is not None:
        raise InvalidError(_say(against, found, held.punched_at))
    known = read_known(conn, [(punch, held.punched_at)])[punch]
    worker = known.worker or found.worker_id
    if worker is None:
        raise InvalidError(
            "Ni ce pointage ni le planning ne disent qui était là\N{NO-BREAK SPACE}: affectez d’abord un "
            "intervenant à cette intervention."
        )
    is_replacement = found.worker_id != worker
    if is_replacement:
        _replace(conn, actor, found, worker, instead_of=instead_of, now=now)
    _decide(
        conn,
        actor,
        held,
        "linked",
        is_proved=held.doubt not in (Doubt.UNKNOWN_HOME, Doubt.UNKNOWN_WORKER)
        and found.home_id in known.homes,
        is_replacement=is_replacement,
        replaced=found.worker_id if is_replacement else None,
        now=now,
    )
    conn.execute(
        """UPDATE punch_matches SET home_id = %s, worker_id = %s, edge = %s, visit_id = %s, doubt = NULL
           WHERE punch_id = %s""",
        (found.home_id, worker, edge.value, visit, punch),
    )
    other = _other_of_couple(conn, found, worker)
    visits = [visit] if other is None else [visit, other]
    if other is not None:
        conn.execute("INSERT INTO shared_punches (punch_id, visit_id) VALUES (%s, %s)", (punch, other))
    marked = dict.fromkeys(visits, held.punched_at)
    if edge is Edge.ARRIVAL:
        note_ends(conn, arrivals=marked)
    else:
        note_ends(conn, departures=marked)
    after = {"visit": visit, "edge": edge, "worker": worker} | ({} if other is None else {"other": other})
    _trace(conn, actor, "punches.link", held, after, now=now)
    return Decided(punch, held.punched_at, visits)


def reject(
    conn: db.Conn, actor: audit.ByUser, punch: PunchId, reason: RejectReason, *, comment: str, now: datetime
) -> Decided:
    """Let a punch that waits belong to no visit, for a reason.

    Raises `InvalidError` for another reason without words, `DecidedError` when the punch waits no more,
    `NotFoundError` out of reach.
    """
    held = _hold(conn, punch)
    comment = clean_notes(comment)
    if reason is RejectReason.OTHER:
        require_line(comment.replace("\n", " "), missing="Écrivez pourquoi ce pointage est rejeté.")
    _decide(conn, actor, held, "rejected", reason=reason, comment=comment, now=now)
    conn.execute("UPDATE punch_matches SET doubt = %s WHERE punch_id = %s", (Doubt.REJECTED.value, punch))
    _trace(conn, actor, "punches.reject", held, {"reason": reason}, now=now)
    return Decided(punch, held.punched_at, [])


@dataclass(frozen=True, slots=True)
class _Before:
    """What a decision changed, to be given back."""

    outcome: str
    home_id: HomeId | None
    worker_id: WorkerId | None
    edge: str | None
    doubt: str
    is_replacement: bool
    replaced_worker_id: WorkerId | None


def take_back(conn: db.Conn, actor: audit.ByUser, punch: PunchId, *, now: datetime) -> Decided:
    """Let a punch wait again that a person linked or rejected.

    A visit that was given to the one who punched goes back to whom the plan had, unless another end of it was
    punched since. Raises `StaleError` when no decision stands, `NotFoundError` out of reach.
    """
    held = _lock(conn, punch)
    before = db.maybe(
        conn,
        _Before,
        """UPDATE punch_decisions SET taken_back_at = %s, taken_back_by = %s
           WHERE punch_id = %s AND taken_back_at IS NULL
           RETURNING outcome, home_id, worker_id, edge, doubt, is_replacement, replaced_worker_id""",
        (now, UserId(actor.id), punch),
    )
    if before is None:
        raise StaleError("Ce pointage n’a pas de décision à annuler\N{NO-BREAK SPACE}: elle l’a déjà été.")
    marked: list[VisitId] = []
    if held.visit_id is not None:
        marked = _unlink(conn, actor, held, before, now=now)
    conn.execute(
        """UPDATE punch_matches SET home_id = %s, worker_id = %s, edge = %s, visit_id = NULL, doubt = %s
           WHERE punch_id = %s""",
        (before.home_id, before.worker_id, before.edge, before.doubt, punch),
    )
    _trace(conn, actor, "punches.take_back", held, {"doubt": before.doubt}, now=now)
    return Decided(punch, held.punched_at, marked)


def _unlink(
    conn: db.Conn, actor: audit.ByUser, held: _Held, before: _Before, *, now: datetime
) -> list[VisitId]:
    others = db.values(
        conn,
        VisitId,
        "DELETE FROM shared_punches WHERE punch_id = %s RETURNING visit_id",
        (held.punch_id,),
    )
    visits = [visit for visit in (held.visit_id, *others) if visit is not None]
    marked = take_back_ends(conn, visits, at=held.punched_at, is_departure=held.edge == Edge.DEPARTURE.value)
    # The same gesture made again repeated this one: without it, it stands for itself and waits.
    conn.execute(
        """UPDATE punch_matches SET visit_id = NULL, doubt = %(doubt)s
           WHERE visit_id = ANY (%(visits)s) AND edge = %(edge)s AND doubt = %(repeated)s
             AND punched_at BETWEEN %(at)s - %(gesture)s AND %(at)s + %(gesture)s""",
        {
            "visits": marked,
            "edge": held.edge,
            "repeated": Doubt.REPEATED.value,
            "doubt": Doubt.NO_VISIT.value,
            "at": held.punched_at,
            "gesture": SAME_GESTURE,
        },
    )
    if before.is_replacement and held.visit_id is not None and held.worker_id is not None:
        give_back(
            conn,
            actor,
            held.visit_id,
            planned=before.replaced_worker_id,
            worker=held.worker_id,
            now=now,
        )
    return marked


def _hold(conn: db.Conn, punch: PunchId) -> _Held:
    """Return the punch, which nobody else decides on. Raises `DecidedError` when it waits no more."""
    held = _lock(conn, punch)
    if held.waits:
        return held
    row = conn.execute(
        """SELECT d.outcome, u.name, d.decided_at, trim(upper(c.last_name) || ' ' || c.first_name)
           FROM punch_decisions d JOIN users u ON u.id = d.decided_by
           JOIN punch_matches m ON m.punch_id = d.punch_id
           LEFT JOIN visits v ON v.id = m.visit_id LEFT JOIN clients c ON c.id = v.client_id
           WHERE d.punch_id = %s AND d.taken_back_at IS NULL""",
        (punch,),
    ).fetchone()
    if row is None:
        raise DecidedError("Ce pointage n’attend plus\N{NO-BREAK SPACE}: il a trouvé son intervention.")
    outcome, name, at, client = row
    if outcome == "rejected":
        raise DecidedError(f"{name} a déjà rejeté ce pointage, à {_clock(at)}.")
    whose = f" à l’intervention de {client}" if client else ""
    raise DecidedError(f"{name} a déjà rattaché ce pointage{whose}, à {_clock(at)}.")


def _lock(conn: db.Conn, punch: PunchId) -> _Held:
    found = db.maybe(
        conn,
        _Held,
        """SELECT m.organisation_id, m.punch_id, m.punched_at, m.home_id, m.worker_id, m.edge, m.visit_id,
                  m.doubt, coalesce(c.area_id, w.area_id) AS area_id,
                  coalesce(punch_waits(m.visit_id, m.doubt), false) AS waits
           FROM punch_matches m
           LEFT JOIN homes h ON h.id = m.home_id LEFT JOIN clients c ON c.id = h.client_id
           LEFT JOIN workers w ON w.id = m.worker_id
           WHERE m.punch_id = %s AND (h.id IS NULL OR c.id IS NOT NULL)
             AND area_in_reach(coalesce(c.area_id, w.area_id))
           FOR UPDATE OF m""",
        (punch,),
    )
    if found is None:
        raise NotFoundError(_OUT_OF_REACH)
    return found


def _replace(
    conn: db.Conn,
    actor: audit.ByUser,
    visit: Visit,
    worker: WorkerId,
    *,
    instead_of: WorkerId | None,
    now: datetime,
) -> None:
    """Give the visit to the one who punched, knowing whose it was."""
    if visit.worker_id != instead_of:
        raise StaleError(
            f"Cette intervention est prévue pour {visit.worker}\N{NO-BREAK SPACE}: regardez-la de nouveau "
            "avant de la donner à qui a pointé."
            if visit.worker
            else "Cette intervention n’est plus à pourvoir\N{NO-BREAK SPACE}: regardez-la de nouveau."
        )
    if visit.arrived_at is not None or visit.left_at is not None:
        raise InvalidError(
            f"{visit.worker} a déjà pointé à cette intervention\N{NO-BREAK SPACE}: elle ne peut pas être "
            "donnée à qui a fait ce pointage."
        )
    replace_worker(conn, actor, visit.id, planned=visit.worker_id, worker=worker, now=now)


def _decide(
    conn: db.Conn,
    actor: audit.ByUser,
    held: _Held,
    outcome: str,
    *,
    now: datetime,
    reason: RejectReason | None = None,
    comment: str = "",
    is_proved: bool = False,
    is_replacement: bool = False,
    replaced: WorkerId | None = None,
) -> None:
    conn.execute(
        """INSERT INTO punch_decisions (punch_id, outcome, reason, comment, is_proved, is_replacement,
                                        replaced_worker_id, home_id, worker_id, edge, doubt, decided_by,
                                        decided_at)
           VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)""",
        (
            held.punch_id,
            outcome,
            reason,
            comment,
            is_proved,
            is_replacement,
            replaced,
            held.home_id,
            held.worker_id,
            held.edge,
            held.doubt,
            UserId(actor.id),
            now,
        ),
    )


def _other_of_couple(conn: db.Conn, visit: Visit, worker: WorkerId) -> VisitId | None:
    """Return the visit to the other of a couple, which the same punch marks as it would have at once."""
    round_ = candidates(conn, [worker], since=visit.starts_at, until=visit.ends_at)
    _, others = fold(round_, [visit.home_id], find_couples(conn, round_))
    return others.get(visit.id)


def _trace(
    conn: db.Conn,
    actor: audit.ByUser,
    action: str,
    held: _Held,
    after: Mapping[str, object],
    *,
    now: datetime,
) -> None:
    """Leave the trace, and tell the live lists that the punch changed."""
    before = {"doubt": held.doubt, "visit": held.visit_id, "edge": held.edge, "worker": held.worker_id}
    audit.record(conn, actor, action, held.punch_id, now=now, before=before, after=after)
    db.notify_board(conn, held.organisation_id, held.area_id, "punch", held.punch_id)


def _say(against: Obstacle, visit: Visit, at: datetime) -> str:
    return _OBSTACLES[against].format(
        at=_clock(at),
        arrival=visit.arrived_at and _clock(visit.arrived_at),
        departure=visit.left_at and _clock(visit.left_at),
    )


def _clock(at: datetime) -> str:
    return f"{at.astimezone(PARIS):%H:%M}"
