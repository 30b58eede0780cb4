"""Passwords that people choose themselves: by a link that an administrator gives, or by their present one.

A link names the account and the mark of the password that stood when it was made. Giving one puts a password
that nobody knows in that place; choosing one puts another: so the latest link alone serves, and once.
"""

import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta

from homecare.access import passwords
from homecare.access.queries import use_reach
from homecare.access.throttle import Attempt, refuse_guessing
from homecare.access.users import find_user
from homecare.kernel import audit, db
from homecare.kernel.errors import InvalidError, NotFoundError
from homecare.kernel.ids import OrganisationId, UserId, token_hash

LINK_LENGTH = timedelta(days=3)
_OVER = (
    "Ce lien ne sert plus : il a déjà servi, il a été remplacé ou il est trop ancien. Demandez-en un autre."
)


@dataclass(frozen=True, slots=True)
class PasswordLink:
    """What a link says, worth something only under the installation's signature. `until` is real time."""

    organisation: OrganisationId
    user: UserId
    mark: str
    until: datetime


@dataclass(frozen=True, slots=True)
class LinkedAccount:
    """For whom a link is."""

    name: str
    email: str
    password_hash: str


class WrongPasswordError(InvalidError):
    """What was typed is not the present password."""

    def __init__(self) -> None:
        """Say so."""
        super().__init__("Ce n’est pas votre mot de passe actuel.")


def give_link(
    conn: db.Conn,
    actor: audit.ByUser,
    organisation: OrganisationId,
    user: UserId,
    *,
    now: datetime,
    real_now: datetime,
) -> PasswordLink:
    """Return a link by which the person chooses a password. The one they had is worth nothing from now on.

    Their sessions end. Raises `InvalidError` for one's own account, which a lost link would shut, and for a
    closed one.
    """
    found = find_user(conn, user)
    if user == actor.id:
        raise InvalidError(
            "Votre propre mot de passe se change dans le menu du compte, « Mon mot de passe »."
        )
    if found.closed_at is not None:
        raise InvalidError("Ce compte est fermé : rouvrez-le d’abord.")
    stored = passwords.nobodys_hash()
    conn.execute("UPDATE users SET password_hash = %s WHERE id = %s", (stored, user))
    conn.execute("DELETE FROM sessions WHERE user_id = %s", (user,))
    audit.record(conn, actor, "access.give_password_link", user, now=now)
    return PasswordLink(organisation, user, passwords.mark_of(stored), real_now + LINK_LENGTH)


def read_link(conn: db.Conn, link: PasswordLink, *, real_now: datetime) -> LinkedAccount:
    """Return whose link it is, and let the transaction serve the organisation. Consumes nothing.

    Raises `InvalidError` for one that has served, was replaced, is over, or whose account is closed.
    """
    use_reach(conn, link.organisation, None)
    account = db.maybe(
        conn,
        LinkedAccount,
        "SELECT name, email, password_hash FROM users WHERE id = %s AND disabled_at IS NULL",
        (link.user,),
    )
    if account is None or link.until <= real_now:
        raise InvalidError(_OVER)
    if not hmac.compare_digest(passwords.mark_of(account.password_hash), link.mark):
        raise InvalidError(_OVER)
    return account


def choose_password(
    conn: db.Conn, link: PasswordLink, password: str, *, now: datetime, real_now: datetime
) -> None:
    """Keep the password that the person chose: the link is used up. Raises what `read_link` raises."""
    account = read_link(conn, link, real_now=real_now)
    _replace(conn, link.user, account.password_hash, password)
    audit.record(conn, audit.ByUser(link.user), "access.choose_password", link.user, now=now)


def change_password(
    conn: db.Conn,
    actor: audit.ByUser,
    attempt: Attempt,
    password: str,
    *,
    present: str,
    session: str,
    now: datetime,
) -> None:
    """Replace one's own password; one's sessions elsewhere end, `session` goes on.

    Raises `WrongPasswordError`, which the caller counts as a failed sign-in, or `TooManyFailuresError`.
    """
    refuse_guessing(conn, attempt)
    stored = db.value(conn, str, "SELECT password_hash FROM users WHERE id = %s", (actor.id,))
    if stored is None or not passwords.is_right(stored, present):
        raise WrongPasswordError
    _replace(conn, actor.id, stored, password)
    conn.execute(
        "DELETE FROM sessions WHERE user_id = %s AND token_hash <> %s", (actor.id, token_hash(session))
    )
    audit.record(conn, actor, "access.change_password", actor.id, now=now)


def reset_password(conn: db.Conn, email: str, password: str, *, now: datetime) -> None:
    """Replace the password of an open account, as whoever holds the server may; its sessions end.

    Raises `NotFoundError` for an address without one, `InvalidError` for what is no password.
    """
    account = conn.execute("SELECT * FROM find_account(%s)", (email.strip(),)).fetchone()
    if account is None:
        raise NotFoundError("Aucun compte ouvert n’a cette adresse.")
    organisation, user = OrganisationId(account[0]), UserId(account[1])
    use_reach(conn, organisation, None)
    stored = passwords.hash_password(passwords.check_password(password))
    conn.execute("UPDATE users SET password_hash = %s WHERE id = %s", (stored, user))
    conn.execute("DELETE FROM sessions WHERE user_id = %s", (user,))
    audit.record(conn, audit.BySystem("installation"), "access.reset_password", user, now=now)


def _replace(conn: db.Conn, user: UserId, stored: str, password: str) -> None:
    """Compare and set: of two that come at once the second is refused."""
    chosen = passwords.hash_password(passwords.check_password(password))
    if not db.write(
        conn,
        "UPDATE users SET password_hash = %s WHERE id = %s AND password_hash = %s",
        (chosen, user, stored),
    ):
        raise InvalidError(_OVER)
