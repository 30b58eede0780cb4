"""Who posts a check-in and what speaks against it, looked up for many at once. It only reads.

Each is judged for itself: its session, its telephone's signature, its place within its worker's reach. What
leaves a trace, a tablet's code among it, is for a transaction of its own (`realtime.checkins`): here nobody
ever waits for a lock.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from twisted.internet.defer import Deferred

from homecare.access.model import Permission, SignedIn
from homecare.access.queries import find_sessions, use_reach
from homecare.clients.queries import Place as NamedPlace
from homecare.clients.queries import homes_of_places
from homecare.kernel import db
from homecare.kernel.clock import Clock
from homecare.kernel.ids import AreaId, OrganisationId, WorkerId, token_hash
from homecare.punches.model import Home, Qr, Site, Sun, Tag, TagRefusal
from homecare.punches.phone_check import Fault, judge_entry
from homecare.workers.phones import Phone, find_phones
from realtime.checkin_wire import CheckIn, Place
from realtime.db import Database
from realtime.gathering import Gathering

type _Reach = tuple[OrganisationId, frozenset[AreaId] | None]


@dataclass(frozen=True, slots=True)
class Met:
    """Somebody who is signed in, and what was found of their check-in.

    `refusal` speaks against its signature or its place; a tablet's code is not judged yet. `phone` is the
    telephone that signed it, if the agency knows it.
    """

    person: SignedIn
    refusal: Fault | TagRefusal | None = None
    phone: Phone | None = None

    @property
    def worker(self) -> WorkerId | None:
        """The worker who punches; None for whoever may not."""
        return self.person.worker if self.person.may(Permission.PUNCH) else None


@dataclass(frozen=True, slots=True)
class _Asked:
    session: bytes
    check_in: CheckIn


class Meetings:
    """Looks up who is there."""

    def __init__(self, database: Database, *, clock: Clock) -> None:
        """Look up in `database`."""
        self._clock = clock
        self._gathering: Gathering[_Asked, Met | None] = Gathering(
            lambda asked: database.run(lambda conn: self._look(conn, asked))
        )

    def meet(self, token: str, check_in: CheckIn) -> Deferred[Met | None]:
        """Fire with whose session this is and what was found; None: nobody's.

        Fails with `DatabaseAwayError` while the database is away.
        """
        return self._gathering.ask(_Asked(token_hash(token), check_in))

    def _look(self, conn: db.Conn, asked: Sequence[_Asked]) -> list[Met | None]:
        people = find_sessions(conn, [one.session for one in asked], now=self._clock.now())
        met: list[Met | None] = [None] * len(asked)
        within: dict[_Reach, list[int]] = {}
        for number, one in enumerate(asked):
            person = people.get(one.session)
            if person is not None:
                within.setdefault((person.organisation, person.areas), []).append(number)
        for (organisation, areas), numbers in within.items():
            use_reach(conn, organisation, areas)
            here = [(asked[number].check_in, people[asked[number].session]) for number in numbers]
            for number, found in zip(numbers, _judge(conn, here), strict=True):
                met[number] = found
        return met


def _judge(conn: db.Conn, here: Sequence[tuple[CheckIn, SignedIn]]) -> Iterator[Met]:
    """Yield what is found of each check-in of people with one reach, which is the transaction's."""
    phones = find_phones(conn, {one.signed.phone for one, _ in here if one.signed is not None})
    places = [place_of(one.where) for one, _ in here]
    homes = homes_of_places(conn, {place for place in places if place is not None})
    for (check_in, person), place in zip(here, places, strict=True):
        entry = check_in.signed
        phone = None if entry is None else phones.get(entry.phone)
        refusal: Fault | TagRefusal | None = None
        if entry is not None and person.worker is not None:
            refusal = judge_entry(phone, person.worker, entry)
        if refusal is None and place is not None and place not in homes:
            refusal = TagRefusal.FOREIGN
        yield Met(person, refusal, phone)


def place_of(where: Place | str) -> NamedPlace | None:
    """Return the place by its kind and name; None for a tablet's code, which names it by its own way."""
    match where:
        case Tag(token) | Sun(token, _):
            return "tag", token
        case Qr(token):
            return "qr", token
        case Home(id=home):
            return "home", str(home)
        case Site(id=site):
            return "site", str(site)
        case str():
            return None
