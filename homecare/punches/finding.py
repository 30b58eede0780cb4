"""Which homes a place names, and which worker a code, a badge or a session is: one query for any number."""

from collections.abc import Collection, Iterable, Sequence
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
    Nobody,
    Nowhere,
    Qr,
    RollingCode,
    SignedInWorker,
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


def find_homes(conn: db.Conn, places: Collection[Where]) -> dict[Where, tuple[HomeId, ...]]:
    """Return the homes that each place names, in order of id; a place that names none is left out."""
    texts: dict[str, list[str]] = {"line": [], "code": [], "tag": [], "qr": [], "device": []}
    ids: list[HomeId] = []
    shown = [place for place in places if isinstance(place, CodeDevice)]
    for place in places:
        match place:
            case Line(text):
                texts["line"].append(text)
            case HomeCode(text):
                texts["code"].append(text)
            case Tag(text) | Sun(text, _):
                texts["tag"].append(text)
            case Qr(text):
                texts["qr"].append(text)
            case Device(text):
                texts["device"].append(text)
            case Home(id=home):
                ids.append(home)
            case CodeDevice() | RollingCode() | Nowhere():
                pass
    rows = conn.execute(
        """SELECT 'line', number, home_id FROM home_lines WHERE number = ANY (%(line)s::text[])
           UNION ALL SELECT 'code', home_code, id FROM homes WHERE home_code = ANY (%(code)s::text[])
           UNION ALL SELECT 'tag', token, home_id FROM home_tags
                     WHERE token = ANY (%(tag)s::text[]) AND retired_at IS NULL
           UNION ALL SELECT 'qr', qr_token, id FROM homes WHERE qr_token = ANY (%(qr)s::text[])
           UNION ALL SELECT 'device', name, home_id FROM devices
                     WHERE name = ANY (%(device)s::text[]) AND home_id IS NOT NULL
           UNION ALL SELECT 'home', id::text, id FROM homes WHERE id = ANY (%(ids)s::bigint[])
           ORDER BY 3""",
        {**texts, "ids": ids},
    ).fetchall()
    found: dict[Where, tuple[HomeId, ...]] = {}
    for kind, text, home in rows:
        place = _place(kind, text)
        found[place] = (*found.get(place, ()), HomeId(home))
    # A tag that proves itself names its home as a plain one does: by its token.
    taps = [place for place in places if isinstance(place, Sun) and Tag(place.token) in found]
    return found | {tap: found[Tag(tap.token)] for tap in taps} | _homes_of_devices(conn, shown)


def _homes_of_devices(conn: db.Conn, shown: Sequence[CodeDevice]) -> dict[Where, tuple[HomeId, ...]]:
    if not shown:
        return {}
    ids = [place.id for place in shown]
    rows = conn.execute("SELECT id, home_id FROM code_devices WHERE id = ANY (%s)", (ids,)).fetchall()
    homes = {device: (HomeId(home),) for device, home in rows}
    return {place: homes[place.id] for place in shown if place.id in homes}


def find_agency_readers(conn: db.Conn, places: Iterable[Where]) -> set[Where]:
    """Return those of the places that are readers at the agency itself."""
    names = [place.name for place in places if isinstance(place, Device)]
    if not names:
        return set()
    found = db.values(
        conn, str, "SELECT name FROM devices WHERE home_id IS NULL AND name = ANY (%s::text[])", (names,)
    )
    return {Device(name) for name in found}


def _place(kind: str, text: str) -> Where:
    match kind:
        case "line":
            return Line(text)
        case "code":
            return HomeCode(text)
        case "tag":
            return Tag(text)
        case "qr":
            return Qr(text)
        case "device":
            return Device(text)
        case _:
            return Home(HomeId(int(text)))


def find_workers(conn: db.Conn, people: Iterable[Who]) -> dict[Who, WorkerMet]:
    """Return the worker whom each code, badge or session names; what names nobody is left out."""
    codes: list[bytes] = []
    badges: list[str] = []
    ids: list[WorkerId] = []
    for person in people:
        match person:
            case WorkerCode(hash=code):
                codes.append(code)
            case Badge(token):
                badges.append(token)
            case SignedInWorker(id=worker):
                ids.append(worker)
            case Nobody():
                pass
    rows = conn.execute(
        """SELECT code_hash, NULL, id, first_name FROM workers WHERE code_hash = ANY (%s::bytea[])
           UNION ALL SELECT NULL, b.token, w.id, w.first_name
                     FROM worker_badges b JOIN workers w ON w.id = b.worker_id
                     WHERE b.token = ANY (%s::text[]) AND b.retired_at IS NULL
           UNION ALL SELECT NULL, NULL, id, first_name FROM workers WHERE id = ANY (%s::bigint[])""",
        (codes, badges, ids),
    ).fetchall()
    return {
        _person(code, badge, WorkerId(worker)): WorkerMet(WorkerId(worker), first_name)
        for code, badge, worker, first_name in rows
    }


def _person(code: bytes | None, badge: str | None, worker: WorkerId) -> Who:
    if code is not None:
        return WorkerCode(bytes(code))
    return SignedInWorker(worker) if badge is None else Badge(badge)
