"""Adding one visit by hand, beside the weekly plan: to be given to somebody, then published."""

from dataclasses import dataclass
from datetime import datetime

from homecare.clients.queries import find_client, list_homes
from homecare.kernel import audit, db
from homecare.kernel.calendar import paris_day
from homecare.kernel.errors import InvalidError
from homecare.kernel.ids import ClientId, HomeId, ServiceId, VisitId
from homecare.visits.assignment import refuse_far_away
from homecare.visits.operations import create_visit, notify_visit
from homecare.visits.queries import list_services

SHORTEST, LONGEST = 5, 1440
"""Minutes that a visit may last."""


def add_visit(
    conn: db.Conn,
    actor: audit.Actor,
    *,
    client: ClientId,
    home: HomeId,
    service: ServiceId,
    starts_at: datetime,
    minutes: int,
    now: datetime,
) -> VisitId:
    """Add a visit that nobody has yet, not published; the weekly plan is left as it is.

    Raises `NotFoundError` for a client out of reach, `InvalidError` for a home or service that is not theirs
    to choose, a day too far away or after the client has left, a length that makes no sense.
    """
    found = find_client(conn, client)
    refuse_far_away(starts_at, now=now)
    if found.ended_on is not None and paris_day(starts_at) >= found.ended_on:
        raise InvalidError(f"{found.name} n’est plus accompagné ce jour-là.")
    if home not in {one.id for one in list_homes(conn, client)}:
        raise InvalidError("Ce domicile n’est pas celui de ce bénéficiaire.")
    if service not in {one.id for one in list_services(conn)}:
        raise InvalidError("Cette prestation n’existe pas.")
    if not SHORTEST <= minutes <= LONGEST:
        raise InvalidError("La durée va de 5 à 1 440 minutes.")
    visit = create_visit(
        conn,
        actor,
        client=client,
        home=home,
        service=service,
        starts_at=starts_at,
        minutes=minutes,
        now=now,
    )
    notify_visit(conn, visit)
    return visit


@dataclass(frozen=True, slots=True)
class UsualLength:
    """How long a service usually lasts, in minutes, and whether this client has it in the weekly plan."""

    service_id: ServiceId
    minutes: int
    is_clients: bool


def usual_lengths(conn: db.Conn, client: ClientId) -> dict[ServiceId, UsualLength]:
    """Return the most frequent length of each service in the weekly plans: in this client's, else in all."""
    rows = db.many(
        conn,
        UsualLength,
        """SELECT service_id,
                  coalesce(mode() WITHIN GROUP (ORDER BY minutes) FILTER (WHERE client_id = %(client)s),
                           mode() WITHIN GROUP (ORDER BY minutes)) AS minutes,
                  bool_or(client_id = %(client)s) AS is_clients
           FROM recurrences GROUP BY service_id""",
        {"client": client},
    )
    return {row.service_id: row for row in rows}
