"""Reading access: sessions, areas, companies."""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime

from homecare.access.model import Area, Company, Role, RoleGiven, SignedIn, reach
from homecare.kernel import db
from homecare.kernel.ids import AreaId, OrganisationId, UserId, WorkerId, token_hash


def use_reach(conn: db.Conn, organisation: OrganisationId, areas: frozenset[AreaId] | None) -> None:
    """Let this transaction see the organisation's rows, in these areas only (None: in all)."""
    db.use_organisation(conn, organisation)
    restriction = "" if areas is None else ",".join(str(area) for area in sorted(areas))
    conn.execute("SELECT set_config('app.area_ids', %s, true)", (restriction,))


def find_session(conn: db.Conn, token: str, *, now: datetime) -> SignedIn | None:
    """Return the person behind a session cookie and set the transaction's reach to theirs, or None."""
    return find_session_by_hash(conn, token_hash(token), now=now)


def find_session_by_hash(conn: db.Conn, hashed: bytes, *, now: datetime) -> SignedIn | None:
    """Do what `find_session` does for whoever kept the cookie's hash alone."""
    person = find_sessions(conn, [hashed], now=now).get(hashed)
    if person is not None:
        use_reach(conn, person.organisation, person.areas)
    return person


def find_sessions(conn: db.Conn, hashes: Sequence[bytes], *, now: datetime) -> dict[bytes, SignedIn]:
    """Return the people behind sessions' cookies, by the hash of each; those that are over are left out.

    They may be of several organisations: whoever looks further says first for whom (`use_reach`).
    """
    rows = conn.execute(
        """SELECT hash, s.organisation_id, s.user_id FROM unnest(%s::bytea[]) AS hash
           CROSS JOIN LATERAL find_session(hash, %s) AS s""",
        (list(hashes), now),
    ).fetchall()
    users: dict[OrganisationId, set[UserId]] = {}
    for _, organisation, user in rows:
        users.setdefault(organisation, set()).add(user)
    people: dict[UserId, SignedIn] = {}
    for organisation, here in users.items():
        db.use_organisation(conn, organisation)
        people |= _describe_users(conn, organisation, here)
    return {bytes(hashed): people[user] for hashed, _, user in rows}


def describe_user(conn: db.Conn, organisation: OrganisationId, user: UserId) -> SignedIn:
    """Return what the user is allowed, over which areas."""
    return _describe_users(conn, organisation, {user})[user]


def _describe_users(
    conn: db.Conn, organisation: OrganisationId, users: AbstractSet[UserId]
) -> dict[UserId, SignedIn]:
    given: dict[UserId, list[RoleGiven]] = {user: [] for user in users}
    for user, role, area in conn.execute(
        "SELECT user_id, role, area_id FROM user_roles WHERE user_id = ANY (%s)", (list(users),)
    ):
        given[user].append(RoleGiven(Role(role), area))
    known: dict[UserId, tuple[str, WorkerId | None]] = {
        user: (name, worker)
        for user, name, worker in conn.execute(
            """SELECT u.id, u.name, w.id FROM users u LEFT JOIN workers w ON w.user_id = u.id
               WHERE u.id = ANY (%s)""",
            (list(users),),
        )
    }
    people: dict[UserId, SignedIn] = {}
    for user, roles in given.items():
        permissions, areas = reach(roles)
        name, worker = known.get(user, ("", None))
        people[user] = SignedIn(organisation, user, name, permissions, areas, worker)
    return people


def find_called_line(conn: db.Conn, called: str) -> OrganisationId | None:
    """Return the organisation whose number was called."""
    return db.value(conn, OrganisationId, "SELECT find_called_line(%s)", (called,))


def list_called_lines(conn: db.Conn) -> dict[str, OrganisationId]:
    """Return every called number with its organisation, over all of them: what the core remembers."""
    rows = conn.execute("SELECT number, organisation_id FROM list_called_lines()").fetchall()
    return {number: OrganisationId(organisation) for number, organisation in rows}


def list_ringing_lines(conn: db.Conn) -> list[str]:
    """Return every number that only rings and is never answered, over all organisations."""
    return db.values(conn, str, "SELECT list_ringing_lines()")


def list_organisations(conn: db.Conn) -> list[OrganisationId]:
    """Return every organisation's id, for the sweeps."""
    return db.values(conn, OrganisationId, "SELECT list_organisations()")


def list_areas(conn: db.Conn) -> list[Area]:
    """Return the areas within reach, by name."""
    return db.many(
        conn,
        Area,
        """SELECT id, company_id, name, communes, outline::text, duty_number
           FROM areas WHERE area_in_reach(id) ORDER BY name""",
    )


def list_companies(conn: db.Conn) -> list[Company]:
    """Return the organisation's companies, by name."""
    return db.many(conn, Company, "SELECT id, name, siret, agreement FROM companies ORDER BY name")


def area_at(conn: db.Conn, *, commune: str, lon: float | None, lat: float | None) -> AreaId | None:
    """Return the area in which an address falls by itself: drawn outline first, then listed commune."""
    return db.value(
        conn,
        AreaId,
        """SELECT id FROM areas
           WHERE (outline IS NOT NULL AND outline @> point(%(lon)s::float8, %(lat)s::float8))
              OR (outline IS NULL AND %(commune)s::text = ANY (communes))
           ORDER BY outline IS NULL, id LIMIT 1""",
        {"commune": commune, "lon": lon, "lat": lat},
    )


@dataclass(frozen=True, slots=True)
class CallLine:
    """A number that workers call to punch, and what it is for."""

    number: str
    label: str


def list_call_lines(conn: db.Conn) -> list[CallLine]:
    """Return the numbers that the organisation answers, the oldest first."""
    return db.many(conn, CallLine, "SELECT number, label FROM call_lines WHERE NOT rings_only ORDER BY id")


def find_ringing_line(conn: db.Conn) -> str | None:
    """Return the organisation's number that only rings, None without one."""
    return db.value(conn, str, "SELECT number FROM call_lines WHERE rings_only ORDER BY id LIMIT 1")
