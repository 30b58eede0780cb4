"""The program's own HTTP: check-ins, live boards, tags, health and metrics. nginx sends them here."""

import json
from datetime import datetime
from http import HTTPStatus
from typing import Any, cast, override
from urllib.parse import urlencode

import structlog
from prometheus_client import generate_latest
from twisted.internet.defer import Deferred
from twisted.python.failure import Failure
from twisted.web.http import Request
from twisted.web.resource import NoResource, Resource
from twisted.web.server import NOT_DONE_YET, Site

from homecare.access.model import Permission, SignedIn
from homecare.access.queries import find_session
from homecare.clients.sun import is_message
from homecare.kernel.clock import Clock
from mqtt_bridge.bridge import MqttBridge
from realtime.board import Board
from realtime.checkin_answers import Answer
from realtime.checkin_wire import LONGEST
from realtime.checkins import CheckIns
from realtime.db import Database, DatabaseAwayError
from realtime.kept_calls import KeptCalls
from realtime.recording import Recorder
from telephony.ami import Supervision

log = structlog.get_logger()
SESSION_COOKIE = b"ponctuel_session"


def make_site(
    *,
    check_ins: CheckIns,
    board: Board,
    database: Database,
    recorder: Recorder,
    asterisk: Supervision,
    bridge: MqttBridge,
    clock: Clock,
    kept_calls: KeptCalls,
    front_url: str,
) -> Site:
    """Return the site with every address under it."""
    root = Resource()
    root.putChild(b"punch", PunchResource(check_ins, front_url))
    root.putChild(b"events", EventsResource(board, database, clock))
    root.putChild(b"t", TagResource())  # type: ignore[no-untyped-call]
    root.putChild(b"healthz", HealthResource(database, recorder, asterisk, bridge, kept_calls))
    root.putChild(b"metrics", MetricsResource())  # type: ignore[no-untyped-call]
    # What is posted is JSON: no form is read.
    return _QuietSite(root, timeout=60, parsePOSTFormSubmission=False)  # type: ignore[no-untyped-call]


class _QuietSite(Site):
    @override
    def log(self, request: object) -> None:
        """Log no access: addresses hold the tokens of tags, and a line costs a quarter of a request."""


def _token(request: Request) -> str | None:
    cookie = request.getCookie(SESSION_COOKIE)
    return None if cookie is None else cookie.decode("ascii", "replace")


def _reply(request: Request, answer: Answer) -> None:
    request.setResponseCode(answer.status.value)
    request.setHeader(b"Content-Type", b"application/json; charset=utf-8")
    request.setHeader(b"Cache-Control", b"no-store")
    if answer.status is HTTPStatus.SERVICE_UNAVAILABLE:
        request.setHeader(b"Retry-After", b"5")
    body = json.dumps(answer.body, ensure_ascii=False).encode()
    request.setHeader(b"Content-Length", b"%d" % len(body))
    request.write(body)
    request.finish()


class _OneMethod(Resource):
    """A leaf that takes one method: Twisted would have a HEAD open a stream, or seek a page to shorten."""

    isLeaf = True
    method: bytes

    def render_HEAD(self, request: Request) -> bytes:  # noqa: N802 - Twisted's name
        """Refuse it; nothing is opened or kept."""
        request.setResponseCode(HTTPStatus.METHOD_NOT_ALLOWED.value)
        request.setHeader(b"Allow", self.method)
        return b""


class PunchResource(_OneMethod):
    """`POST /punch`. Only our own pages may post: a forged form carries neither JSON nor our origin."""

    method = b"POST"

    def __init__(self, check_ins: CheckIns, front_url: str) -> None:
        """Hand check-ins to `check_ins`; `front_url` is the only origin that may post."""
        super().__init__()  # type: ignore[no-untyped-call]
        self._check_ins = check_ins
        self._origin = front_url.rstrip("/").encode()

    def render_POST(self, request: Request) -> int:  # noqa: N802 - Twisted's name
        """Take one check-in."""
        origin = request.getHeader(b"Origin")
        content_type = (request.getHeader(b"Content-Type") or b"").partition(b";")[0].strip()
        if content_type != b"application/json" or origin not in (None, self._origin):
            refusal: dict[str, object] = {"message": "Ce pointage ne vient pas de l’application."}
            _reply(request, Answer(HTTPStatus.FORBIDDEN, refusal))
            return NOT_DONE_YET
        body = cast("Any", request.content).read(LONGEST + 1)
        key = (request.getHeader(b"Idempotency-Key") or b"").decode("ascii", "replace") or None
        posting = Deferred.fromCoroutine(self._check_ins.post(_token(request), key, body))
        _finish(request, posting)
        return NOT_DONE_YET


def _finish(request: Request, posting: Deferred[Answer]) -> None:
    gone: list[object] = []
    request.notifyFinish().addErrback(gone.append)

    def done(answer: Answer) -> None:
        if not gone:
            _reply(request, answer)

    def failed(failure: Failure) -> None:
        body: dict[str, object] = {"message": "Erreur interne. Le téléphone garde ce pointage."}
        done(Answer(HTTPStatus.INTERNAL_SERVER_ERROR, body))
        # Its kind and its place, never its message, which may hold what was sent.
        where = [f"{frame[1]}:{frame[2]}" for frame in failure.frames[-3:]]
        log.error("site.failed", kind=type(failure.value).__name__, where=where)

    posting.addCallbacks(done, failed)


class EventsResource(_OneMethod):
    """`GET /events`: the live stream of whoever may see the board."""

    method = b"GET"

    def __init__(self, board: Board, database: Database, clock: Clock) -> None:
        """Open streams on `board` for the people that `database` knows."""
        super().__init__()  # type: ignore[no-untyped-call]
        self._board = board
        self._database = database
        self._clock = clock

    def render_GET(self, request: Request) -> int:  # noqa: N802 - Twisted's name
        """Open a stream."""
        Deferred.fromCoroutine(self._open(request))
        return NOT_DONE_YET

    async def _open(self, request: Request) -> None:
        gone: list[object] = []
        request.notifyFinish().addErrback(gone.append)
        try:
            person = await self._find(_token(request))
        except DatabaseAwayError:
            answer = Answer(HTTPStatus.SERVICE_UNAVAILABLE, {"message": "Base momentanément indisponible."})
            if not gone:
                _reply(request, answer)
            return
        if gone:
            return
        if person is None or not person.may(Permission.SEE_BOARD):
            status = HTTPStatus.UNAUTHORIZED if person is None else HTTPStatus.FORBIDDEN
            _reply(request, Answer(status, {"message": "Ce tableau demande un compte qui y a droit."}))
        else:
            self._board.open(request, person, since=_drawn_at(request))

    async def _find(self, token: str | None) -> SignedIn | None:
        if token is None:
            return None
        now = self._clock.now()
        return await self._database.run(lambda conn: find_session(conn, token, now=now))


def _drawn_at(request: Request) -> datetime | None:
    """Return when the page was drawn that opens its first stream; None when it says no instant."""
    try:
        instant = datetime.fromisoformat(request.args[b"since"][0].decode())
    except (KeyError, ValueError):
        return None
    return instant if instant.tzinfo is not None else None


class TagResource(Resource):
    """`GET /t/TOKEN`: what a tag's URL opens. It consumes nothing: the page that follows posts the punch."""

    @override
    def getChild(self, path: bytes, request: Request) -> Resource:
        return _TagPage(path) if path else NoResource()


class _TagPage(Resource):
    isLeaf = True

    def __init__(self, token: bytes) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._token = token

    def render_GET(self, request: Request) -> bytes:  # noqa: N802 - Twisted's name
        request.setResponseCode(HTTPStatus.SEE_OTHER.value)
        request.setHeader(b"Cache-Control", b"no-store")
        request.setHeader(b"Location", f"/moi/pointer?{self._argument(request)}".encode())
        return b""

    def _argument(self, request: Request) -> str:
        """Return the tag, with what it says at this tap if it proves itself; nothing else of the address."""
        query = request.uri.partition(b"?")[2].decode("ascii", "replace")
        said = {"preuve": query} if is_message(query) else {}
        return urlencode({"etiquette": self._token.decode("utf-8", "replace"), **said})


class HealthResource(Resource):
    """`GET /healthz`: 200 as long as punches are taken, with the state of what stands behind."""

    isLeaf = True

    def __init__(
        self,
        database: Database,
        recorder: Recorder,
        asterisk: Supervision,
        bridge: MqttBridge,
        kept_calls: KeptCalls,
    ) -> None:
        """Tell the state of these."""
        super().__init__()  # type: ignore[no-untyped-call]
        self._database = database
        self._recorder = recorder
        self._asterisk = asterisk
        self._bridge = bridge
        self._kept_calls = kept_calls

    def render_GET(self, request: Request) -> bytes:  # noqa: N802 - Twisted's name
        """Say how it goes."""
        request.setHeader(b"Content-Type", b"application/json")
        state = {
            "database": self._database.available,
            "settled": self._recorder.settled,
            "set_aside": self._recorder.set_aside + self._kept_calls.set_aside,
            "telephone": self._asterisk.health.up,
            "live_calls": self._asterisk.health.live_calls,
            "devices": self._bridge.connected,
        }
        return json.dumps(state).encode()


class MetricsResource(Resource):
    """`GET /metrics`, for Prometheus; nginx does not pass it on."""

    isLeaf = True

    def render_GET(self, request: Request) -> bytes:  # noqa: N802 - Twisted's name
        """Return every metric of this program."""
        request.setHeader(b"Content-Type", b"text/plain; version=0.0.4")
        return generate_latest()
