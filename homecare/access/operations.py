"""Writing access: sign in and out, create what an organisation stands on."""

from datetime import datetime, timedelta

from homecare.access import passwords
from homecare.access.identity import check_email, check_name
from homecare.access.model import Role
from homecare.access.queries import use_reach
from homecare.access.throttle import Attempt, refuse_guessing
from homecare.kernel import audit, db
from homecare.kernel.errors import InvalidError
from homecare.kernel.ids import AreaId, CompanyId, OrganisationId, UserId, new_token, token_hash
from homecare.kernel.text import require_line

SESSION_LENGTH = timedelta(hours=12)
NO_NAME = "Saisissez un nom."


class WrongCredentialsError(InvalidError):
    """The address or the password is wrong; which one is not told."""


class UsedAddressError(InvalidError):
    """The address has an account already, here or in another organisation."""

    def __init__(self) -> None:
        """Say so."""
        super().__init__("Cette adresse a déjà un compte.")


def sign_in(conn: db.Conn, attempt: Attempt, password: str, *, now: datetime) -> str:
    """Open a session and return its token. Raises `WrongCredentialsError`, or `TooManyFailuresError`.

    A failure is noted by `throttle.note_failure`, in a transaction of its own: raising rolls this one back.
    """
    refuse_guessing(conn, attempt)
    account = conn.execute("SELECT * FROM find_account(%s)", (attempt.email.strip(),)).fetchone()
    stored = None
    if account is not None:
        use_reach(conn, OrganisationId(account[0]), None)
        stored = db.value(conn, str, "SELECT password_hash FROM users WHERE id = %s", (account[1],))
    if not passwords.is_right(stored, password) or account is None:
        raise WrongCredentialsError("Adresse ou mot de passe incorrect.")
    return open_session(conn, UserId(account[1]), now=now)


def open_session(conn: db.Conn, user: UserId, *, now: datetime, lasts: timedelta = SESSION_LENGTH) -> str:
    """Open a session for the user and return its token: it is stored hashed and cannot be read again."""
    token = new_token()
    conn.execute(
        "INSERT INTO sessions (token_hash, user_id, created_at, expires_at) VALUES (%s, %s, %s, %s)",
        (token_hash(token), user, now, now + lasts),
    )
    audit.record(conn, audit.ByUser(user), "access.sign_in", user, now=now)
    return token


def prolong_session(conn: db.Conn, token: str, *, until: datetime) -> None:
    """Let the session of this token go on until then, if it is open."""
    conn.execute(
        "UPDATE sessions SET expires_at = greatest(expires_at, %s) WHERE token_hash = %s",
        (until, token_hash(token)),
    )


def sign_out(conn: db.Conn, token: str) -> None:
    """Close the session of this token, if it is open."""
    conn.execute("DELETE FROM sessions WHERE token_hash = %s", (token_hash(token),))


def create_user(
    conn: db.Conn,
    actor: audit.Actor,
    email: str | None,
    *,
    name: str,
    password: str | None,
    roles: list[tuple[Role, AreaId | None]],
    now: datetime,
) -> UserId:
    """Create an account with its roles. Without a password nobody signs in until a link let one be chosen.

    Without an address its person signs in by an invited telephone alone.

    Raises `InvalidError` for what is no name, address or password, `UsedAddressError` for a used address.
    """
    if password is None:
        stored = passwords.nobodys_hash()
    else:
        stored = passwords.hash_password(passwords.check_password(password))
    user = db.value(
        conn,
        UserId,
        """INSERT INTO users (email, name, password_hash) VALUES (%s, %s, %s)
           ON CONFLICT (email) DO NOTHING RETURNING id""",
        (None if email is None else check_email(email), check_name(name), stored),
    )
    if user is None:
        raise UsedAddressError
    give_roles(conn, user, roles)
    audit.record(conn, actor, "access.create_user", user, now=now, after=roles_in_trail(roles))
    return user


def give_roles(conn: db.Conn, user: UserId, roles: list[tuple[Role, AreaId | None]]) -> None:
    """Add roles to an account."""
    for role, area in roles:
        conn.execute(
            "INSERT INTO user_roles (user_id, role, area_id) VALUES (%s, %s, %s)", (user, role, area)
        )


def roles_in_trail(roles: list[tuple[Role, AreaId | None]]) -> dict[str, object]:
    """Return roles as the audit trail keeps them: `areas` has null for all of them."""
    return {"roles": [role for role, _area in roles], "areas": [area for _role, area in roles]}


def create_organisation(conn: db.Conn, name: str, *, now: datetime) -> OrganisationId:
    """Create a tenant, let this transaction serve it, and return its id. Only the schema's owner may."""
    organisation = db.insert(
        conn,
        OrganisationId,
        "INSERT INTO organisations (name, created_at) VALUES (%s, %s) RETURNING id",
        (require_line(name, missing=NO_NAME), now),
    )
    db.use_organisation(conn, organisation)
    return organisation


def create_company(conn: db.Conn, *, name: str, siret: str, iban: str | None, agreement: str) -> CompanyId:
    """Create a legal entity and return its id. `siret` has passed its own check digits."""
    return db.insert(
        conn,
        CompanyId,
        "INSERT INTO companies (name, siret, iban, agreement) VALUES (%s, %s, %s, %s) RETURNING id",
        (require_line(name, missing=NO_NAME), siret, iban, agreement),
    )


def create_area(
    conn: db.Conn,
    company: CompanyId,
    *,
    name: str,
    communes: list[str],
    duty_number: str | None,
    outline: str | None = None,
) -> AreaId:
    """Create an area by its communes, or by a drawn outline `((lon,lat),…)`, and return its id."""
    return db.insert(
        conn,
        AreaId,
        """INSERT INTO areas (company_id, name, communes, duty_number, outline)
           VALUES (%s, %s, %s, %s, %s::polygon) RETURNING id""",
        (company, require_line(name, missing=NO_NAME), communes, duty_number, outline),
    )
