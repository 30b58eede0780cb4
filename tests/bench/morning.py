"""An agency at eight in the morning: everybody stands before a door, each at another home, and calls."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import psycopg

from homecare.access.call_lines import add_call_line
from homecare.alerts.operations import set_rule
from homecare.kernel import db
from homecare.kernel.ids import OrganisationId
from homecare.punches.model import Edge
from homecare.workers.model import Language
from homecare.workers.operations import give_code
from simulators.handset.crowd import Caller
from telephony.prompts import Prompts
from telephony.ring import e164
from telephony.speech import time_of
from telephony.wordings import read_wording
from tests.bench.agency import found_organisation
from tests.builders import ACTOR, make_area, make_client, make_company, make_service, make_visit, make_worker
from tests.supervised import Supervised

CALLED = "0800888888"
SPOKEN_MINUTES = 15


@dataclass(frozen=True, slots=True)
class Morning:
    """The agency's callers, each with a visit of their own."""

    core: Supervised
    organisation: OrganisationId
    callers: tuple[Caller, ...]

    def begin_visits(self, *, minutes_ago: int | None = None) -> None:
        """Have every visit begin now and nobody be there yet: whoever calls has arrived.

        `minutes_ago`: everybody came that long ago, and whoever calls is leaving.
        """
        with self._connect() as conn:
            conn.execute(
                """UPDATE visits SET starts_at = at, earliest_at = at, latest_at = at,
                                     ends_at = at + interval '1 hour', left_at = NULL,
                                     arrived_at = CASE WHEN %(ago)s::int IS NOT NULL THEN at END
                   FROM (SELECT now() - make_interval(mins => coalesce(%(ago)s, 0)) AS at) AS begun""",
                {"ago": minutes_ago},
            )

    def punches(self, edge: Edge) -> int:
        """Return how many punches marked this edge of a visit, without a doubt."""
        with self._connect() as conn:
            count = "SELECT count(*) FROM punch_matches WHERE edge = %s AND doubt IS NULL"
            return db.value(conn, int, count, (edge.value,)) or 0

    def _connect(self) -> db.Conn:
        conn = psycopg.connect(self.core.settings.database_url)
        db.use_organisation(conn, self.organisation)
        return conn


def gather(core: Supervised, count: int) -> Morning:
    """Create the agency and its `count` callers, whose codes are known to it alone."""
    settings, now = core.settings, datetime.now(UTC)
    organisation = found_organisation(core, "Matin")
    callers: list[Caller] = []
    with psycopg.connect(settings.database_url) as conn:
        db.use_organisation(conn, organisation)
        add_call_line(conn, e164(CALLED), label="Matin")
        company = make_company(conn)
        area, service = make_area(conn, company), make_service(conn)
        set_rule(conn, ACTOR, enabled=False, now=now)
        for _ in range(count):
            home = make_client(conn, area)
            worker = make_worker(conn, organisation, area, company=company).id
            code = give_code(conn, ACTOR, worker, key=settings.code_key, organisation=organisation, now=now)
            make_visit(conn, home, worker, starts_at=now, service=service)
            callers.append(Caller(home.line, code))
    with psycopg.connect(settings.owner_database_url, autocommit=True) as owner:
        owner.execute("ANALYZE")  # as the database does by itself within a minute
    # As on any day but the first, on which each minute is spoken once before its sound is kept.
    spoken = [time_of(now + timedelta(minutes=minute)) for minute in range(SPOKEN_MINUTES)]
    Prompts(read_wording(Language.FRENCH), settings.prompts_dir).render(spoken)
    return Morning(core, organisation, tuple(callers))
