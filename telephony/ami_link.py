"""The link to Asterisk's manager: kept up, with a heartbeat and a deadline for every answer.

All state lives in the reactor's thread; the blocking library works in one thread of its own, whose news come
in by `callFromThread`. A link that is not answered in time is dropped whole and rebuilt, later each time.
"""

import itertools
from collections.abc import Callable
from dataclasses import dataclass, field

import structlog
from twisted.internet.defer import Deferred, fail
from twisted.internet.interfaces import IDelayedCall
from twisted.internet.task import LoopingCall
from twisted.python.threadpool import ThreadPool

from homecare.kernel.errors import AdapterError
from telephony.ami_client import Connection, ManagerAction, Pack
from telephony.reactor import IReactor

HEARTBEAT = 2.0
DEADLINE = 5.0
"""Seconds within which everything is answered, or the link is no link any more."""
FIRST_RETRY, LAST_RETRY = 0.25, 8.0

log = structlog.get_logger(__name__)


class AmiError(AdapterError):
    """Asterisk did not do what was asked, or could not be asked."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where the manager listens, and as whom we sign in."""

    host: str
    port: int
    user: str
    secret: str = field(repr=False)


@dataclass(slots=True)
class _Question:
    answer: Deferred[tuple[Pack, ...]]
    asked_at: float
    packs: list[Pack] = field(default_factory=list)


class AmiLink:
    """One link. `risen` is called each time it comes up, `heard` gets the events, in the reactor's thread."""

    def __init__(
        self,
        address: Address,
        *,
        reactor: IReactor,
        risen: Callable[[], None],
        heard: Callable[[Pack], None],
    ) -> None:
        self._address = address
        self._reactor = reactor
        self._risen = risen
        self._heard = heard
        self._thread = ThreadPool(1, 1, "ami")
        self._connection: Connection | None = None
        self._questions: dict[str, _Question] = {}
        self._ids = itertools.count(1)
        self._up = False
        self._why = ""
        self._retry: IDelayedCall | None = None
        self._delay = FIRST_RETRY
        self._heart = LoopingCall(self._beat)
        self._heart.clock = reactor

    @property
    def up(self) -> bool:
        """Whether Asterisk has let us in and has answered since."""
        return self._up

    def start(self) -> None:
        """Connect, and keep connected."""
        self._thread.start()
        self._heart.start(HEARTBEAT, now=False)
        self._connect()

    def stop(self) -> None:
        """Leave, and end the thread."""
        if self._heart.running:
            self._heart.stop()
        if self._retry is not None and self._retry.active():
            self._retry.cancel()
        self._let_go("stopped")
        self._thread.stop()

    def ask(self, action: ManagerAction) -> Deferred[tuple[Pack, ...]]:
        """Send an action. The answer is the response and, of a list, its items. Fails with AmiError."""
        if self._connection is None or not self._up:
            return fail(AmiError("the link to Asterisk is down", permanent=False))
        return self._ask(self._connection, action)

    def _ask(self, connection: Connection, action: ManagerAction) -> Deferred[tuple[Pack, ...]]:
        action_id = str(next(self._ids))
        answer: Deferred[tuple[Pack, ...]] = Deferred()
        self._questions[action_id] = _Question(answer, self._reactor.seconds())
        self._thread.callInThread(self._send, connection, action, action_id)
        return answer

    # ---- in the library's two threads

    def _open(self, connection: Connection) -> None:
        try:
            connection.open(self._address.host, self._address.port)
        except OSError as error:
            self._reactor.callFromThread(self._lose, connection, str(error))
        else:
            self._reactor.callFromThread(self._sign_in, connection)

    def _send(self, connection: Connection, action: ManagerAction, action_id: str) -> None:
        try:
            connection.send(action, action_id)
        except (OSError, ValueError) as error:
            self._reactor.callFromThread(self._lose, connection, str(error))

    # ---- in the reactor's thread

    def _connect(self) -> None:
        connection = Connection(
            heard=lambda pack: self._reactor.callFromThread(self._take, connection, pack),
            lost=lambda why: self._reactor.callFromThread(self._lose, connection, why),
            silence_seconds=DEADLINE,
        )
        self._connection = connection
        self._thread.callInThread(self._open, connection)

    def _sign_in(self, connection: Connection) -> None:
        if connection is not self._connection:
            return
        login = ManagerAction("Login", {"Username": self._address.user, "Secret": self._address.secret})
        self._ask(connection, login).addCallbacks(
            lambda _: self._rise(), lambda failure: self._lose(connection, str(failure.value))
        )

    def _rise(self) -> None:
        self._up = True
        self._delay = FIRST_RETRY
        log.info("ami.up")
        self._risen()

    def _take(self, connection: Connection, pack: Pack) -> None:
        if connection is not self._connection:
            return
        action_id = pack.keys.get("ActionID", "")
        question = self._questions.get(action_id)
        if question is None:
            if not pack.response:
                self._heard(pack)
            return
        question.packs.append(pack)
        if pack.response and pack.name != "Success":
            del self._questions[action_id]
            question.answer.errback(AmiError(pack.keys.get("Message", pack.name), permanent=True))
        elif _is_last(pack):
            del self._questions[action_id]
            question.answer.callback(tuple(question.packs))

    def _beat(self) -> None:
        now = self._reactor.seconds()
        if any(now - question.asked_at > DEADLINE for question in self._questions.values()):
            self._lose(self._connection, "no answer in time")
        elif self._up:
            self.ask(ManagerAction("Ping")).addErrback(lambda _: None)

    def _lose(self, connection: Connection | None, why: str) -> None:
        if connection is not self._connection or connection is None:
            return
        self._let_go(why)
        self._retry = self._reactor.callLater(self._delay, self._connect)
        self._delay = min(2 * self._delay, LAST_RETRY)

    def _let_go(self, why: str) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            self._thread.callInThread(connection.close)
        if self._up or why != self._why:
            log.warning("ami.down", why=why)
        self._up, self._why = False, why
        questions, self._questions = self._questions, {}
        for question in questions.values():
            question.answer.errback(AmiError(why, permanent=False))


def _is_last(pack: Pack) -> bool:
    """A response stands alone unless it starts a list; a list ends with the event that says so."""
    part_of_list = pack.keys.get("EventList")
    return part_of_list == "Complete" or (pack.response and part_of_list is None)
