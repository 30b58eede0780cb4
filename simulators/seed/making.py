"""Makes the agency in an empty demonstration database: draws it, writes it, lives its past, makes visits."""

from collections.abc import Callable, Sequence
from datetime import datetime

import psycopg

from docker.rootfs.control import ask
from homecare.access.queries import list_organisations
from homecare.kernel import db
from homecare.kernel.calendar import paris_day
from homecare.kernel.installation import is_demo
from homecare.kernel.settings import Settings
from homecare.visits.operations import make_visits
from simulators.seed.days import find_day_to_play, first_day_of_history, make_week
from simulators.seed.drawing import CLIENTS, draw_agency
from simulators.seed.founding import found_agency
from simulators.seed.history import Past
from simulators.seed.keepsakes import Keepsakes, write_keepsakes
from simulators.seed.terms import Terms
from simulators.territory.addresses import Address


class SeedError(Exception):
    """The agency cannot be made here; the message is for the person at the terminal."""


def make_agency(
    settings: Settings, addresses: Sequence[Address], *, seed: int, now: datetime, say: Callable[[str], None]
) -> Keepsakes:
    """Make the whole agency in one transaction, then keep what only the seed knows.

    Raises `SeedError` outside a demonstration, or where there is an organisation already.
    """
    with psycopg.connect(settings.owner_database_url) as conn:
        check_may_seed(conn)
        keepsakes = write_agency(
            conn,
            addresses,
            seed=seed,
            code_key=settings.code_key,
            now=now,
            device_password=lambda name: _device_password(settings, name),
            say=say,
        )
        write_keepsakes(settings.state_dir, keepsakes)
    return keepsakes


def check_may_seed(conn: db.Conn) -> None:
    """Raise `SeedError` unless this is an empty demonstration."""
    if not is_demo(conn):
        raise SeedError("Cette installation n’est pas une démonstration : rien n’y sera inventé.")
    if list_organisations(conn):
        raise SeedError("Cette base contient déjà une organisation.")


def write_agency(
    conn: db.Conn,
    addresses: Sequence[Address],
    *,
    seed: int,
    code_key: str,
    now: datetime,
    device_password: Callable[[str], str | None],
    say: Callable[[str], None],
) -> Keepsakes:
    """Write the agency, its past weeks and its visits to come, in the caller's transaction.

    Raises `SeedError` when the map has too few addresses for its homes.
    """
    if len(addresses) < CLIENTS:
        raise SeedError(
            f"Cette carte n’a que {len(addresses)} adresses numérotées : il en faut {CLIENTS} au moins."
        )
    today = paris_day(now)
    since = first_day_of_history(today)
    sketch = draw_agency(addresses, seed=seed, day=today)
    say(f"{len(sketch.clients)} bénéficiaires et {len(sketch.workers)} intervenants")
    founded = found_agency(conn, sketch, Terms(code_key, since, now, device_password))
    make_visits(conn, since, today)
    past = Past(founded.clients, founded.workers, seed=seed)
    done = past.live(conn, since=since, until=today, now=now)
    say(f"{done} interventions des semaines passées")
    make_week(conn, find_day_to_play(conn, today))
    return founded.keepsakes


def _device_password(settings: Settings, name: str) -> str | None:
    """Ask the supervisor for a device's MQTT password; None where the broker is not ours."""
    try:
        answer = ask(settings.state_dir, f"device {name}")
    except OSError:
        return None
    return str(answer["password"]) if answer.get("ok") else None
