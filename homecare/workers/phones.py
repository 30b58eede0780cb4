"""A worker's telephones: enrolled with their key, listed on the card, withdrawn; invitations to enrol one.

The first sign-in on a telephone enrols it; so does an invitation, a link that the agency shows once, good for
one telephone. Withdrawing a telephone closes its worker's sessions: nobody enrols another key from there
without the password or a new invitation.
"""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime, timedelta

from homecare.access.model import Role
from homecare.access.operations import create_user, open_session
from homecare.access.queries import use_reach
from homecare.kernel import audit, db
from homecare.kernel.errors import InvalidError, NotFoundError
from homecare.kernel.ids import OrganisationId, UserId, WorkerId, new_token, token_hash
from homecare.workers.phone_keys import check_public_key, enrolment_text, is_signed, phone_id
from homecare.workers.queries import find_worker

INVITATION_LENGTH = timedelta(hours=24)
INVITED_SESSION = timedelta(days=30)
"""How long an invited telephone stays signed in since it was last opened: its worker may have no password."""
LABEL_LENGTH = 60
_USED = "Ce lien d’inscription a déjà servi : il vaut pour un seul téléphone. Demandez-en un autre."


class RevokedPhoneError(InvalidError):
    """The agency withdrew this telephone: its key is worth nothing any more."""


@dataclass(frozen=True, slots=True)
class NewPhone:
    """What a telephone sends to be enrolled. `proof` is its signature over `enrolment_text`."""

    public_key: bytes
    proof: bytes
    label: str


@dataclass(frozen=True, slots=True)
class Phone:
    """An enrolled telephone. `skew_seconds`: by how much its clock was ahead when it last sent something."""

    id: str
    worker_id: WorkerId
    public_key: bytes
    label: str
    invited: bool
    enrolled_at: datetime
    revoked_at: datetime | None
    skew_seconds: int | None


@dataclass(frozen=True, slots=True)
class Invitation:
    """An invitation that can still be accepted, and for whom it is."""

    worker_id: WorkerId
    first_name: str
    user_id: UserId


def find_phone(conn: db.Conn, phone: str) -> Phone | None:
    """Return an enrolled telephone of the organisation, withdrawn or not."""
    return find_phones(conn, {phone}).get(phone)


def find_phones(conn: db.Conn, phones: AbstractSet[str]) -> dict[str, Phone]:
    """Return those of these telephones that the organisation enrolled, withdrawn or not, by id."""
    if not phones:
        return {}
    found = db.many(
        conn,
        Phone,
        """SELECT id, worker_id, public_key, label, invited, enrolled_at, revoked_at, skew_seconds
           FROM worker_phones WHERE id = ANY (%s)""",
        (list(phones),),
    )
    return {phone.id: phone for phone in found}


def list_phones_of(conn: db.Conn, worker: WorkerId) -> list[Phone]:
    """Return a worker's telephones, those in use first, then the latest first."""
    return db.many(
        conn,
        Phone,
        """SELECT id, worker_id, public_key, label, invited, enrolled_at, revoked_at, skew_seconds
           FROM worker_phones WHERE worker_id = %s
           ORDER BY revoked_at IS NOT NULL, enrolled_at DESC, id""",
        (worker,),
    )


def enrol_phone(
    conn: db.Conn,
    actor: audit.Actor,
    worker: WorkerId,
    phone: NewPhone,
    *,
    now: datetime,
    invited: bool = False,
) -> str:
    """Enrol a telephone and return its id; enrolling it again changes nothing.

    Raises `RevokedPhoneError` for one that was withdrawn, `InvalidError` for a key that is no key, a proof
    that does not fit, or a telephone of somebody else.
    """
    check_public_key(phone.public_key)
    id_ = phone_id(phone.public_key)
    if not is_signed(phone.public_key, enrolment_text(worker, id_), phone.proof):
        raise InvalidError("Ce téléphone n’a pas prouvé qu’il tient sa clé.")
    new = db.value(
        conn,
        str,
        """INSERT INTO worker_phones (id, worker_id, public_key, label, invited, enrolled_at)
           VALUES (%s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING RETURNING id""",
        (id_, worker, phone.public_key, phone.label[:LABEL_LENGTH], invited, now),
    )
    if new is not None:
        audit.record(conn, actor, "workers.enrol_phone", worker, now=now, after={"phone": id_})
        return id_
    known = find_phone(conn, id_)
    if known is None or known.worker_id != worker:
        raise InvalidError("Ce téléphone est inscrit au nom d’une autre personne.")
    if known.revoked_at is not None:
        raise RevokedPhoneError("Ce téléphone a été retiré par l’agence.")
    return id_


def revoke_phone(conn: db.Conn, actor: audit.ByUser, worker: WorkerId, phone: str, *, now: datetime) -> None:
    """Withdraw a telephone: what it sends is refused from now on, and its worker's sessions are over.

    Raises `NotFoundError` for one that is not this worker's or was withdrawn before.
    """
    revoked = db.value(
        conn,
        str,
        """UPDATE worker_phones SET revoked_at = %s, revoked_by = %s
           WHERE id = %s AND worker_id = %s AND revoked_at IS NULL RETURNING id""",
        (now, actor.id, phone, worker),
    )
    if revoked is None:
        raise NotFoundError("Ce téléphone n’est plus inscrit.")
    conn.execute(
        "DELETE FROM sessions WHERE user_id = (SELECT user_id FROM workers WHERE id = %s)", (worker,)
    )
    audit.record(conn, actor, "workers.revoke_phone", worker, now=now, after={"phone": phone})


def note_skew(conn: db.Conn, phone: str, seconds: int) -> None:
    """Keep by how much a telephone's clock is ahead, as seen when it sent something."""
    conn.execute("UPDATE worker_phones SET skew_seconds = %s WHERE id = %s", (seconds, phone))


def invite(conn: db.Conn, actor: audit.ByUser, worker: WorkerId, *, now: datetime) -> str:
    """Return the secret of a new invitation, which cannot be read again. Earlier ones of theirs are void.

    A worker who has no account yet gets one, without address or password. Raises `InvalidError` when theirs
    is closed.
    """
    conn.execute("SELECT FROM workers WHERE id = %s FOR UPDATE", (worker,))  # of two at once the last is good
    if _user_of(conn, worker) is None:
        _open_account(conn, actor, worker, now=now)
    conn.execute(
        """UPDATE phone_invitations SET expires_at = %s
           WHERE worker_id = %s AND used_at IS NULL AND expires_at > %s""",
        (now, worker, now),
    )
    token = new_token()
    conn.execute(
        """INSERT INTO phone_invitations (token_hash, worker_id, created_at, created_by, expires_at)
           VALUES (%s, %s, %s, %s, %s)""",
        (token_hash(token), worker, now, actor.id, now + INVITATION_LENGTH),
    )
    audit.record(conn, actor, "workers.invite_phone", worker, now=now)
    return token


@dataclass(frozen=True, slots=True)
class _Kept:
    worker_id: WorkerId
    first_name: str
    user_id: UserId | None
    expires_at: datetime
    used_at: datetime | None


def read_invitation(conn: db.Conn, token: str, *, now: datetime) -> Invitation:
    """Return the invitation, and let the transaction serve its organisation. Consumes nothing.

    Raises `InvalidError` with its sentence for one that was used, is over, or never was.
    """
    organisation = db.value(conn, OrganisationId, "SELECT find_invitation(%s)", (token_hash(token),))
    if organisation is None:
        raise InvalidError("Ce lien d’inscription n’existe pas. Demandez-en un à votre agence.")
    use_reach(conn, organisation, None)
    kept = db.one(
        conn,
        _Kept,
        """SELECT i.worker_id, w.first_name, u.id AS user_id, i.expires_at, i.used_at
           FROM phone_invitations i JOIN workers w ON w.id = i.worker_id
           LEFT JOIN users u ON u.id = w.user_id AND u.disabled_at IS NULL WHERE i.token_hash = %s""",
        (token_hash(token),),
    )
    if kept.used_at is not None:
        raise InvalidError(_USED)
    if kept.expires_at <= now or kept.user_id is None:
        raise InvalidError("Ce lien d’inscription n’est plus valable. Demandez-en un autre à votre agence.")
    return Invitation(kept.worker_id, kept.first_name, kept.user_id)


def accept_invitation(conn: db.Conn, token: str, phone: NewPhone, *, now: datetime) -> str:
    """Enrol the telephone that follows an invitation, open its worker's session and return its token.

    Raises what `read_invitation` and `enrol_phone` raise; of two that come at once the second is refused.
    """
    invitation = read_invitation(conn, token, now=now)
    used = conn.execute(
        "UPDATE phone_invitations SET used_at = %s WHERE token_hash = %s AND used_at IS NULL",
        (now, token_hash(token)),
    )
    if used.rowcount == 0:
        raise InvalidError(_USED)
    actor = audit.ByUser(invitation.user_id)
    enrol_phone(conn, actor, invitation.worker_id, phone, now=now, invited=True)
    return open_session(conn, invitation.user_id, now=now, lasts=INVITED_SESSION)


def is_invited(conn: db.Conn, phone: str) -> bool:
    """Tell whether the telephone was enrolled by an invitation, as the worker's own."""
    found = find_phone(conn, phone)
    return found is not None and found.invited


def _open_account(conn: db.Conn, actor: audit.ByUser, worker: WorkerId, *, now: datetime) -> None:
    known = db.value(conn, UserId, "SELECT user_id FROM workers WHERE id = %s FOR UPDATE", (worker,))
    if known is not None:
        raise InvalidError("Cet intervenant n’a pas de compte : un téléphone ne peut pas s’y inscrire.")
    name = find_worker(conn, worker).name
    user = create_user(conn, actor, None, name=name, password=None, roles=[(Role.WORKER, None)], now=now)
    conn.execute("UPDATE workers SET user_id = %s WHERE id = %s", (user, worker))


def _user_of(conn: db.Conn, worker: WorkerId) -> UserId | None:
    return db.value(
        conn,
        UserId,
        """SELECT u.id FROM workers w JOIN users u ON u.id = w.user_id AND u.disabled_at IS NULL
           WHERE w.id = %s""",
        (worker,),
    )
