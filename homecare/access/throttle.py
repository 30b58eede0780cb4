"""Slows down whoever guesses passwords, and never lets a stranger lock an account's owner out.

After OWASP's « Slow Down Online Guessing Attacks with Device Cookies ». Failures are counted per (address,
network they come from), per network over all addresses, and per address over all networks. A browser on
which this very address has signed in before is counted by itself: what others do elsewhere does not concern
it. Whether an account exists changes nothing. Refused attempts are not counted: a wait ends by itself.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from ipaddress import IPv6Address, ip_address, ip_network

from homecare.kernel import db
from homecare.kernel.errors import InvalidError

_HOST_BITS_OF_A_SITE = 64  # what one household or one server is given of IPv6
_LONGEST_WINDOW = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Attempt:
    """A sign-in that is tried. `at` is a real instant, in a demonstration too: waits are people's own time.

    `source` is the network address of the connection. `device` is the mark that this browser was given when
    this very e-mail address signed in on it; None for a browser that has not yet.
    """

    email: str
    source: str
    at: datetime
    device: str | None = None


class TooManyFailuresError(InvalidError):
    """Too many failures: `wait` is what remains until the next try is looked at."""

    def __init__(self, wait: timedelta) -> None:
        """Keep how long, for whoever says it."""
        super().__init__("Trop d’essais : attendez avant de recommencer.")
        self.wait = wait


@dataclass(frozen=True, slots=True)
class _Limit:
    """Who failed `failures` times within `window` waits for the oldest to be forgotten, or a `pause`."""

    failures: int
    window: timedelta
    pause: timedelta | None = None


_ONE_GUESSER = _Limit(8, timedelta(minutes=10))
_ONE_NETWORK = _Limit(60, _LONGEST_WINDOW)  # an office or a mobile operator: many people behind one address
_ALL_NETWORKS = _Limit(20, _LONGEST_WINDOW, pause=timedelta(seconds=30))


def refuse_guessing(conn: db.Conn, attempt: Attempt) -> None:
    """Let the attempt be looked at, or raise `TooManyFailuresError` with the longest of the waits."""
    waits = [_wait(conn, key, limit, now=attempt.at) for key, limit in _counted(attempt)]
    if (longest := max(waits)) > timedelta():
        raise TooManyFailuresError(longest)


def note_failure(conn: db.Conn, attempt: Attempt) -> None:
    """Count a failed sign-in and forget the old ones."""
    conn.execute("DELETE FROM sign_in_failures WHERE at < %s", (attempt.at - _LONGEST_WINDOW,))
    for key, _limit in _counted(attempt):
        conn.execute("INSERT INTO sign_in_failures (email_hash, at) VALUES (%s, %s)", (key, attempt.at))


def network_of(source: str) -> str:
    """Return the network that one guesser commands: an IPv4 address, or 64 bits of IPv6."""
    try:
        address = ip_address(source)
    except ValueError:
        return source
    if not isinstance(address, IPv6Address):
        return str(address)
    if address.ipv4_mapped is not None:
        return str(address.ipv4_mapped)
    return str(ip_network((address, _HOST_BITS_OF_A_SITE), strict=False))


def _counted(attempt: Attempt) -> Iterator[tuple[bytes, _Limit]]:
    email = attempt.email.strip().lower()
    if attempt.device is not None:
        yield _key("device", email, attempt.device), _ONE_GUESSER
        return
    network = network_of(attempt.source)
    yield _key("address and network", email, network), _ONE_GUESSER
    yield _key("network", network), _ONE_NETWORK
    yield _key("address", email), _ALL_NETWORKS


def _key(*parts: str) -> bytes:
    """Return what a count is kept under; hashed, for whoever types may be anybody."""
    return sha256("\0".join(parts).encode()).digest()


def _wait(conn: db.Conn, key: bytes, limit: _Limit, *, now: datetime) -> timedelta:
    newest = db.values(
        conn,
        datetime,
        "SELECT at FROM sign_in_failures WHERE email_hash = %s AND at > %s ORDER BY at DESC LIMIT %s",
        (key, now - limit.window, limit.failures),
    )
    if len(newest) < limit.failures:
        return timedelta()
    until = newest[-1] + limit.window if limit.pause is None else newest[0] + limit.pause
    return until - now
