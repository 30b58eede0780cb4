"""The office's accounts: who has one, what it opens, who signed in when; changing, closing and reopening one.

An account that only punches is none of these: its worker's card is where it is kept. Nobody closes or demotes
themselves, and an organisation never loses its last administrator: changes wait for each other.
"""

from dataclasses import dataclass
from datetime import datetime

import psycopg

from homecare.access.identity import check_email, check_name
from homecare.access.model import OFFICE_ROLES, Rights, Role
from homecare.access.operations import UsedAddressError, create_user, give_roles, roles_in_trail
from homecare.access.queries import list_areas
from homecare.kernel import audit, db
from homecare.kernel.errors import InvalidError, NotFoundError
from homecare.kernel.ids import AreaId, UserId

_NOT_OURS = "Ce compte n’est pas l’un de ceux de votre agence."


@dataclass(frozen=True, slots=True)
class User:
    """An account of the office. `areas` holds null for all of them; `last_sign_in_at` is None for never."""

    id: UserId
    email: str
    name: str
    closed_at: datetime | None
    roles: list[str]
    areas: list[AreaId | None]
    area_names: list[str]
    is_worker: bool
    last_sign_in_at: datetime | None

    @property
    def is_everywhere(self) -> bool:
        """Whether a role is held over all areas."""
        return None in self.areas

    @property
    def rights(self) -> Rights | None:
        """The rights as one role over its areas; None for no role, or for different ones."""
        if len(self.roles) != 1:
            return None
        everywhere = self.is_everywhere
        return Rights(
            Role(self.roles[0]), None if everywhere else frozenset(one for one in self.areas if one)
        )


def list_users(conn: db.Conn, *, limit: int, offset: int = 0) -> list[User]:
    """Return the office's accounts, those in use first, by name."""
    return _read(conn, user=None, limit=limit, offset=offset)


def find_user(conn: db.Conn, user: UserId) -> User:
    """Return an account of the office. Raises `NotFoundError`."""
    found = _read(conn, user=user, limit=1, offset=0)
    if not found:
        raise NotFoundError(_NOT_OURS)
    return found[0]


def count_users(conn: db.Conn) -> int:
    """Return how many accounts `list_users` has."""
    counted = db.value(
        conn,
        int,
        """SELECT count(*) FROM users u
           WHERE NOT EXISTS (SELECT 1 FROM user_roles r WHERE r.user_id = u.id)
              OR EXISTS (SELECT 1 FROM user_roles r WHERE r.user_id = u.id AND r.role <> 'worker')""",
    )
    return counted or 0


def _read(conn: db.Conn, *, user: UserId | None, limit: int, offset: int) -> list[User]:
    return db.many(
        conn,
        User,
        """SELECT u.id, u.email, u.name, u.disabled_at AS closed_at, held.roles, held.areas, held.area_names,
                  EXISTS (SELECT 1 FROM workers w WHERE w.user_id = u.id) AS is_worker,
                  (SELECT e.at FROM audit_events e
                   WHERE e.organisation_id = u.organisation_id AND e.action = 'access.sign_in'
                     AND e.subject_id = u.id ORDER BY e.at DESC LIMIT 1) AS last_sign_in_at
           FROM users u CROSS JOIN LATERAL (
               SELECT coalesce(array_agg(DISTINCT r.role), '{}') AS roles,
                      coalesce(array_agg(DISTINCT r.area_id), '{}') AS areas,
                      coalesce(array_agg(DISTINCT a.name) FILTER (WHERE a.id IS NOT NULL), '{}') AS area_names
               FROM user_roles r LEFT JOIN areas a ON a.id = r.area_id
               WHERE r.user_id = u.id AND r.role <> 'worker') held
           WHERE (%(user)s::bigint IS NULL OR u.id = %(user)s)
             AND (held.roles <> '{}' OR NOT EXISTS (SELECT 1 FROM user_roles r WHERE r.user_id = u.id))
           ORDER BY u.disabled_at IS NOT NULL, u.name, u.id LIMIT %(limit)s OFFSET %(offset)s""",
        {"user": user, "limit": limit, "offset": offset},
    )


def add_user(
    conn: db.Conn, actor: audit.ByUser, *, email: str, name: str, rights: Rights, now: datetime
) -> UserId:
    """Create an account whose person chooses the password by a link. Raises what `create_user` raises."""
    _check_rights(conn, rights)
    return create_user(conn, actor, email, name=name, password=None, roles=rights.given(), now=now)


def change_user(
    conn: db.Conn,
    actor: audit.ByUser,
    user: UserId,
    *,
    email: str,
    name: str,
    rights: Rights | None,
    now: datetime,
) -> None:
    """Change what names an account and what it opens; without `rights` it opens what it did.

    Raises `NotFoundError`, `UsedAddressError`, `InvalidError` for one's own role or the last administrator's.
    """
    _one_at_a_time(conn)
    before = find_user(conn, user)
    email, name = check_email(email), check_name(name)
    if (email, name) != (before.email, before.name):
        try:
            with conn.transaction():
                conn.execute("UPDATE users SET email = %s, name = %s WHERE id = %s", (email, name, user))
        except psycopg.errors.UniqueViolation:
            raise UsedAddressError from None
        audit.record(conn, actor, "access.rename_user", user, now=now)
    if rights is not None and rights != before.rights:
        _change_rights(conn, actor, before, rights, now=now)


def _change_rights(
    conn: db.Conn, actor: audit.ByUser, before: User, rights: Rights, *, now: datetime
) -> None:
    _check_rights(conn, rights)
    if before.id == actor.id:
        raise InvalidError("Vous ne pouvez pas changer votre propre rôle : un autre administrateur le peut.")
    if rights.role is not Role.ADMINISTRATOR:
        _keep_an_administrator(conn, besides=before.id)
    conn.execute("DELETE FROM user_roles WHERE user_id = %s AND role <> 'worker'", (before.id,))
    give_roles(conn, before.id, rights.given())
    audit.record(
        conn,
        actor,
        "access.change_rights",
        before.id,
        now=now,
        before={"roles": before.roles, "areas": before.areas},
        after=roles_in_trail(rights.given()),
    )


def close_user(conn: db.Conn, actor: audit.ByUser, user: UserId, *, now: datetime) -> None:
    """Close an account: it signs in no more, and its sessions end at once.

    Raises `InvalidError` for one's own, for the last administrator's and for one that is closed.
    """
    _one_at_a_time(conn)
    find_user(conn, user)
    if user == actor.id:
        raise InvalidError("Vous ne pouvez pas fermer votre propre compte : un autre administrateur le peut.")
    _keep_an_administrator(conn, besides=user)
    closed = db.write(
        conn, "UPDATE users SET disabled_at = %s WHERE id = %s AND disabled_at IS NULL", (now, user)
    )
    if not closed:
        raise InvalidError("Ce compte est déjà fermé.")
    conn.execute("DELETE FROM sessions WHERE user_id = %s", (user,))
    audit.record(conn, actor, "access.close_user", user, now=now)


def reopen_user(conn: db.Conn, actor: audit.ByUser, user: UserId, *, now: datetime) -> None:
    """Let a closed account sign in again, with the password and the rights that it had."""
    _one_at_a_time(conn)
    find_user(conn, user)
    reopened = db.write(
        conn, "UPDATE users SET disabled_at = NULL WHERE id = %s AND disabled_at IS NOT NULL", (user,)
    )
    if not reopened:
        raise InvalidError("Ce compte est déjà ouvert.")
    audit.record(conn, actor, "access.reopen_user", user, now=now)


def _one_at_a_time(conn: db.Conn) -> None:
    """Wait for whoever changes an account of this organisation: two could else remove each other.

    The weaker lock: rows that name the organisation, punches among them, are written meanwhile.
    """
    conn.execute("SELECT 1 FROM organisations WHERE id = current_organisation() FOR NO KEY UPDATE")


def _keep_an_administrator(conn: db.Conn, *, besides: UserId) -> None:
    others = db.value(
        conn,
        bool,
        """SELECT true FROM user_roles r JOIN users u ON u.id = r.user_id
           WHERE r.role = 'administrator' AND r.area_id IS NULL AND u.disabled_at IS NULL AND u.id <> %s
           LIMIT 1""",
        (besides,),
    )
    if others is None:
        raise InvalidError("C’est le dernier administrateur : donnez d’abord ce rôle à une autre personne.")


def _check_rights(conn: db.Conn, rights: Rights) -> None:
    if rights.role not in OFFICE_ROLES:
        raise InvalidError("Le compte d’un intervenant se tient sur sa fiche.")
    if rights.areas is None:
        return
    if rights.role is Role.ADMINISTRATOR:
        raise InvalidError("Un administrateur l’est de tous les secteurs.")
    if not rights.areas or not rights.areas <= {area.id for area in list_areas(conn)}:
        raise InvalidError("Choisissez au moins un secteur de votre agence.")
