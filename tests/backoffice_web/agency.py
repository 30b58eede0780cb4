"""A small agency behind the application, and browsers signed in to it."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from flask.testing import FlaskClient

from backoffice_web.access import SESSION_COOKIE
from backoffice_web.app import BackOffice
from homecare.access.model import Role
from homecare.kernel.ids import AreaId, OrganisationId
from tests.builders import PASSWORD, make_area, make_signed_in, make_user
from tests.database import Database

NOW = datetime(2026, 11, 24, 7, 47, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Agency:
    """An organisation with one area, its database, and the application that serves it at `NOW`."""

    database: Database
    organisation: OrganisationId
    area: AreaId
    app: BackOffice

    def browser(self, role: Role | None = None, *, area: AreaId | None = None) -> FlaskClient:
        """Return a browser: a stranger's, or that of a new person with this role."""
        client = self.app.test_client()
        if role is not None:
            with self.database.connect(self.organisation) as conn:
                _person, token = make_signed_in(conn, self.organisation, role=role, area=area)
            client.set_cookie(SESSION_COOKIE, token)
        return client


def found_agency(database: Database, app: BackOffice) -> Agency:
    """Create the organisation and its area."""
    organisation = database.create_organisation("Maison des Aidants")
    with database.connect(organisation) as conn:
        area = make_area(conn)
    return Agency(database, organisation, area, app)


def signed(browser: FlaskClient, page: str, **fields: str) -> dict[str, str]:
    """Return the fields of a form with the signature that the page gives."""
    signature = re.search(r'name="csrf_token" value="([^"]+)"', browser.get(page).text)
    assert signature, f"{page} has no form"
    return {"csrf_token": signature[1], **fields}


def email_of(agency: Agency) -> tuple[str, str]:
    """Make an account and return its address and password."""
    with agency.database.connect(agency.organisation) as conn:
        user = make_user(conn)
        row = conn.execute("SELECT email FROM users WHERE id = %s", (user,)).fetchone()
    assert row is not None
    return str(row[0]), PASSWORD


def later(minutes: int) -> datetime:
    """Return the instant that many minutes after `NOW`."""
    return NOW + timedelta(minutes=minutes)
