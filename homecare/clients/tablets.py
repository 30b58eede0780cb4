"""Tablets at day centres: enrolled by a link that serves once, revoked by the agency at any time."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from homecare.kernel import audit, db
from homecare.kernel.errors import NotFoundError
from homecare.kernel.ids import OrganisationId, SiteId, TabletId, new_token, token_hash
from homecare.kernel.text import require_line

ENROLMENT_LASTS = timedelta(minutes=30)


class EnrolmentOverError(NotFoundError):
    """The link has served, is too old, or never was one of ours."""


@dataclass(frozen=True, slots=True)
class Tablet:
    """A tablet as the agency lists it. `enrolled_at` is None until its link was opened on it."""

    id: TabletId
    site_id: SiteId
    site: str
    label: str
    enrol_until: datetime
    enrolled_at: datetime | None
    revoked_at: datetime | None


def invite_tablet(
    conn: db.Conn, actor: audit.Actor, site: SiteId, *, label: str, now: datetime
) -> tuple[TabletId, str]:
    """Make the link that enrols a tablet, once, within half an hour; return the tablet and the link's token.

    Raises `NotFoundError` for a site that is none, `InvalidError` without a label.
    """
    label = require_line(label, missing="Donnez un nom à cette tablette.")
    if db.value(conn, int, "SELECT 1 FROM sites WHERE id = %s", (site,)) is None:
        raise NotFoundError("Ce lieu n’existe pas.")
    token = new_token()
    tablet = db.insert(
        conn,
        TabletId,
        """INSERT INTO site_tablets (site_id, label, enrol_hash, enrol_until)
           VALUES (%s, %s, %s, %s) RETURNING id""",
        (site, label, token_hash(token), now + ENROLMENT_LASTS),
    )
    audit.record(conn, actor, "clients.invite_tablet", tablet, now=now, after={"site": site})
    return tablet, token


def enrol_tablet(conn: db.Conn, token: str, *, now: datetime) -> str:
    """Take the link's token and return the tablet's own, told once. Raises `EnrolmentOverError`."""
    own = new_token()
    tablet = db.value(
        conn,
        TabletId,
        """UPDATE site_tablets SET enrol_hash = NULL, token_hash = %s, enrolled_at = %s
           WHERE enrol_hash = %s AND enrol_until > %s AND revoked_at IS NULL RETURNING id""",
        (token_hash(own), now, token_hash(token), now),
    )
    if tablet is None:
        raise EnrolmentOverError("Ce lien a déjà servi ou a expiré : demandez-en un autre à l’agence.")
    audit.record(conn, audit.BySystem("tablets"), "clients.enrol_tablet", tablet, now=now)
    return own


def revoke_tablet(conn: db.Conn, actor: audit.Actor, tablet: TabletId, *, now: datetime) -> None:
    """Take a tablet's word no more, at once. Raises `NotFoundError` when it is none, or revoked already."""
    touched = db.write(
        conn,
        "UPDATE site_tablets SET revoked_at = %s, enrol_hash = NULL WHERE id = %s AND revoked_at IS NULL",
        (now, tablet),
    )
    if not touched:
        raise NotFoundError("Cette tablette n’existe pas ou est déjà révoquée.")
    audit.record(conn, actor, "clients.revoke_tablet", tablet, now=now)


def list_tablets(conn: db.Conn) -> list[Tablet]:
    """Return the organisation's tablets: those that serve first, then by site and label."""
    return db.many(
        conn,
        Tablet,
        """SELECT t.id, t.site_id, s.name AS site, t.label, t.enrol_until, t.enrolled_at, t.revoked_at
           FROM site_tablets t JOIN sites s ON s.id = t.site_id
           ORDER BY t.revoked_at IS NOT NULL, s.name, t.label, t.id""",
    )


def use_tablet(conn: db.Conn, token: str) -> OrganisationId | None:
    """Let this transaction serve the organisation of a tablet, or of a link that enrols one, if any."""
    organisation = db.value(conn, OrganisationId, "SELECT find_tablet(%s)", (token_hash(token),))
    if organisation is not None:
        db.use_organisation(conn, organisation)
    return organisation


def find_serving_tablet(conn: db.Conn, token: str) -> Tablet | None:
    """Return the tablet that has this token and is not revoked."""
    return db.maybe(
        conn,
        Tablet,
        """SELECT t.id, t.site_id, s.name AS site, t.label, t.enrol_until, t.enrolled_at, t.revoked_at
           FROM site_tablets t JOIN sites s ON s.id = t.site_id
           WHERE t.token_hash = %s AND t.revoked_at IS NULL""",
        (token_hash(token),),
    )
