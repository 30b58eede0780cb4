"""Which homes a place names, and which worker a code, a badge or a session is: one query for any number."""

from collections.abc import Iterable
from dataclasses import dataclass

from homecare.kernel import db
from homecare.kernel.ids import HomeId, WorkerId
from homecare.punches.model import (
    Badge,
    CodeDevice,
    Device,
    Home,
    HomeCode,
    Line,
    MissedCall,
    Nobody,
    Nowhere,
    PlannedWorker,
    Qr,
    RollingCode,
    SignedInWorker,
    Site,
    SiteCode,
    Sun,
    Tag,
    Where,
    Who,
    WorkerCode,
)


@dataclass(frozen=True, slots=True)
class WorkerMet:
    """The worker whom a claim names."""

    id: WorkerId
    first_name: str


def find_homes(conn: db.Conn, places: Iterable[Where]) -> dict[Where, tuple[HomeId, ...]]:
    """Return the homes that each place names, in order of id; a place that names none is left out.

    A site names the homes of every client who agreed to it, as a shared line names those of a building.
    """
    named = [(place, name) for place in places if (name := _name(place)) is not None]
    texts: dict[str, list[str]] = {kind: [] for kind in _KINDS}
    for _, (kind, text) in named:
        texts[kind].append(text)
    rows = conn.execute(
        """SELECT 'line', number, home_id FROM home_lines WHERE number = ANY (%(line)s::text[])
           UNION ALL SELECT 'code', home_code, id FROM homes WHERE home_code = ANY (%(code)s::text[])
           UNION ALL SELECT 'tag', token, home_id FROM home_tags
                     WHERE token = ANY (%(tag)s::text[]) AND retired_at IS NULL
           UNION ALL SELECT 'qr', qr_token, id FROM homes WHERE qr_token = ANY (%(qr)s::text[])
           UNION ALL SELECT 'device', name, home_id FROM devices
                     WHERE name = ANY (%(device)s::text[]) AND home_id IS NOT NULL
           UNION ALL SELECT 'home', id::text, id FROM homes WHERE id = ANY (%(home)s::text[]::bigint[])
           UNION ALL SELECT 'code_device', id::text, home_id FROM code_devices
                     WHERE id = ANY (%(code_device)s::text[]::bigint[])
           UNION ALL SELECT 'site', s.site_id::text, h.id
                     FROM site_clients s JOIN homes h ON h.client_id = s.client_id
                     WHERE s.site_id = ANY (%(site)s::text[]::bigint[])
           ORDER BY 3""",
        texts,
    ).fetchall()
    found: dict[tuple[str, str], tuple[HomeId, ...]] = {}
    for kind, text, home in rows:
        found[kind, text] = (*found.get((kind, text), ()), HomeId(home))
    return {place: found[name] for place, name in named if name in found}


def find_agency_readers(conn: db.Conn, places: Iterable[Where]) -> set[Where]:
    """Return those of the places that are readers at the agency itself."""
    names = [place.name for place in places if isinstance(place, Device)]
    if not names:
        return set()
    found = db.values(
        conn, str, "SELECT name FROM devices WHERE home_id IS NULL AND name = ANY (%s::text[])", (names,)
    )
    return {Device(name) for name in found}


_KINDS = ("line", "code", "code_device", "tag", "qr", "device", "home", "site")


def _name(place: Where) -> tuple[str, str] | None:
    """Return the kind and the text by which the database knows a place; None for none."""
    match place:
        case Line(text) | MissedCall(text):
            return "line", text
        case HomeCode(text):
            return "code", text
        case CodeDevice(id=device):
            return "code_device", str(device)
        case Tag(text) | Sun(text, _):
            return "tag", text
        case Qr(text):
            return "qr", text
        case Device(text):
            return "device", text
        case Home(id=home):
            return "home", str(home)
        case Site(id=site) | SiteCode(site=site):
            return "site", str(site)
        case RollingCode() | Nowhere():
            return None


def find_workers(conn: db.Conn, people: Iterable[Who]) -> dict[Who, WorkerMet]:
    """Return the worker whom each code, badge or session names; what names nobody is left out."""
    codes: list[bytes] = []
    badges: list[str] = []
    ids: dict[WorkerId, list[Who]] = {}
    for person in people:
        match person:
            case WorkerCode(hash=code):
                codes.append(code)
            case Badge(token):
                badges.append(token)
            case SignedInWorker(id=worker) | PlannedWorker(id=worker):
                ids.setdefault(worker, []).append(person)
            case Nobody():
                pass
    rows = conn.execute(
        """SELECT code_hash, NULL, id, first_name FROM workers WHERE code_hash = ANY (%s::bytea[])
           UNION ALL SELECT NULL, b.token, w.id, w.first_name
                     FROM worker_badges b JOIN workers w ON w.id = b.worker_id
                     WHERE b.token = ANY (%s::text[]) AND b.retired_at IS NULL
           UNION ALL SELECT NULL, NULL, id, first_name FROM workers WHERE id = ANY (%s::bigint[])""",
        (codes, badges, list(ids)),
    ).fetchall()
    return {
        person: WorkerMet(WorkerId(worker), first_name)
        for code, badge, worker, first_name in rows
        for person in _people(code, badge, ids.get(worker, []))
    }


def _people(code: bytes | None, badge: str | None, by_id: list[Who]) -> list[Who]:
    if code is not None:
        return [WorkerCode(bytes(code))]
    return by_id if badge is None else [Badge(badge)]
