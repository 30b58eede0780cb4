"""How far an organisation is on its first day: what is there already, read from the real data."""

from dataclasses import dataclass

from homecare.kernel import db


@dataclass(frozen=True, slots=True)
class FirstDay:
    """What stands and what is missing before the board has something to show."""

    organisation: str
    company: str | None
    areas: int
    clients: int
    workers: int
    visits: int
    ways_to_punch: int
    punches: int


def read_first_day(conn: db.Conn) -> FirstDay:
    """Return how far the organisation is. `ways_to_punch` counts lines and tags at homes."""
    return db.one(
        conn,
        FirstDay,
        """SELECT o.name AS organisation,
                  (SELECT min(name) FROM companies) AS company,
                  (SELECT count(*) FROM areas)::int AS areas,
                  (SELECT count(*) FROM clients)::int AS clients,
                  (SELECT count(*) FROM workers)::int AS workers,
                  (SELECT count(*) FROM (SELECT FROM visits LIMIT 1) v)::int AS visits,
                  (SELECT count(*) FROM home_lines)::int + (SELECT count(*) FROM home_tags)::int
                      AS ways_to_punch,
                  (SELECT count(*) FROM (SELECT FROM punch_keys LIMIT 1) p)::int AS punches
           FROM organisations o""",
    )
