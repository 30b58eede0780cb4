"""What a task works with: the clock, the roads, and transactions that serve one organisation."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from homecare.access.queries import list_organisations
from homecare.kernel import db
from homecare.kernel.clock import Clock, read_pace
from homecare.kernel.ids import OrganisationId
from homecare.kernel.pool import Pool
from homecare.kernel.settings import Settings
from optimizer.travel import Travel, open_travel

# A job that finds no database fails, and is tried again.
PATIENCE_SECONDS, CONNECT_SECONDS = 5.0, 2


class Work:
    """Connections and time for the tasks of one program."""

    def __init__(self, settings: Settings, *, clock: Clock) -> None:
        """Connect as the application's role; nothing is opened yet."""
        self.settings = settings
        self.travel: Travel = open_travel(settings.roads_dir)
        self._clock = clock
        self._pool = Pool(
            settings.database_url,
            size=8,
            patience_seconds=PATIENCE_SECONDS,
            options={"connect_timeout": CONNECT_SECONDS, "application_name": "worker"},
        )

    def open(self) -> None:
        """Open the connections."""
        self._pool.open()

    def close(self) -> None:
        """Close the connections."""
        self._pool.close()

    @contextmanager
    def transaction(self, organisation: OrganisationId) -> Iterator[db.Conn]:
        """Yield a connection whose transaction serves the organisation; commit at the end."""
        with self._pool.connection() as conn:
            db.use_organisation(conn, organisation)
            yield conn

    def organisations(self) -> list[OrganisationId]:
        """Return every organisation, for what is done once for each."""
        with self._pool.connection() as conn:
            return list_organisations(conn)

    def now(self, conn: db.Conn) -> datetime:
        """Return the agency's instant."""
        if self.settings.demo:
            self._clock.set_pace(read_pace(conn))
        return self._clock.now()
