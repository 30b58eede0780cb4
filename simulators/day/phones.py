"""Workers' telephones with the application: tags, printed codes and the list of visits, over HTTP."""

import threading
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from homecare.kernel.ids import WorkerId
from homecare.punches.model import Edge
from simulators.day.ledger import Ledger, Sent
from simulators.day.model import Gesture, Way
from simulators.phone_app.phone import Edge as PhoneEdge
from simulators.phone_app.phone import Phone, Place, PlaceCheck
from simulators.phone_app.site import Site

_RETRY_SECONDS = 1.0
_AGAIN_SECONDS = 0.4
_EDGES: dict[Edge, PhoneEdge] = {Edge.ARRIVAL: "arrival", Edge.DEPARTURE: "departure"}


class Phones:
    """One telephone for each worker. What the core does not take is sent again until it does."""

    def __init__(
        self, open_site: Callable[[], Site], emails: Mapping[int, str], password: str, *, ledger: Ledger
    ) -> None:
        """Know the workers' accounts; nothing is sent yet."""
        self._phones = {
            worker: Phone(open_site(), email=email, password=password) for worker, email in emails.items()
        }
        self._ledger = ledger
        self._made: list[tuple[Gesture, str, datetime, Phone]] = []
        self._over = threading.Event()
        self._retrying = threading.Thread(target=self._retry, name="phones", daemon=True)

    def start(self) -> None:
        """Begin to send again what was not taken."""
        self._retrying.start()

    def sign_in(self, worker: WorkerId) -> None:
        """Open a worker's session before the day begins. Raises `SignInRefusedError`, OSError."""
        self._phones[worker].sign_in()

    def punch(self, gesture: Gesture) -> None:
        """Make this punch now, with or without network."""
        phone = self._phones[gesture.stop.worker]
        if gesture.offline:
            phone.has_network = False
        self._make(phone, gesture)
        if gesture.twice:
            time.sleep(_AGAIN_SECONDS)
            self._make(phone, gesture)
        phone.sync()

    def find_network(self, worker: WorkerId) -> None:
        """Give a telephone its network back: it sends what waits."""
        phone = self._phones[worker]
        phone.has_network = True
        phone.sync()

    @property
    def waiting(self) -> int:
        """How many punches have no answer yet."""
        return sum(phone.waiting for phone in self._phones.values())

    @property
    def counts(self) -> tuple[int, int]:
        """How many punches were made, and how many of them have an answer."""
        return len(self._made), len(self._made) - self.waiting

    def finish(self, *, within: float) -> None:
        """Give everybody network, wait for the answers, write them down."""
        for phone in self._phones.values():
            phone.has_network = True
        until = time.monotonic() + within
        while self.waiting and time.monotonic() < until:
            time.sleep(_RETRY_SECONDS / 2)
        self._over.set()
        if self._retrying.ident is not None:
            self._retrying.join()
        for gesture, key, made, phone in self._made:
            answer = phone.answers.get(key)
            self._ledger.note(
                Sent(
                    gesture,
                    made.timestamp(),
                    made.timestamp() if answer is None else answer.sent_at,
                    None if answer is None else answer.status,
                    reference=f"{gesture.stop.worker}/{key}",
                )
            )

    def _make(self, phone: Phone, gesture: Gesture) -> None:
        made = datetime.now(UTC)
        check: PlaceCheck = "inside" if gesture.number % 11 else "unknown"
        key = phone.punch(
            _place(gesture),
            at=made,
            edge=_EDGES[gesture.edge],
            place_check=check,
            lost_answers=gesture.lost_answers,
        )
        self._made.append((gesture, key, made, phone))

    def _retry(self) -> None:
        while not self._over.wait(_RETRY_SECONDS):
            for phone in self._phones.values():
                if phone.waiting:
                    phone.sync()


def _place(gesture: Gesture) -> Place:
    stop = gesture.stop
    match gesture.way:
        case Way.TAP if stop.tag is not None:
            return {"tag": stop.tag}
        case Way.SCAN:
            return {"qr": stop.qr_token}
        case _:
            return {"home": stop.home}
