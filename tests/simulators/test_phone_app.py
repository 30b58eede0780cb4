"""The telephone against a small server that answers as it is told."""

import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from simulators.phone_app.phone import Phone
from simulators.phone_app.site import SignInRefusedError, Site

NOON = datetime(2026, 11, 24, 11, 0, tzinfo=UTC)


class Core(ThreadingHTTPServer):
    """Remembers every check-in, answers with the statuses given, then with 201."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.statuses: list[int] = []
        self.received: list[tuple[str, dict[str, object]]] = []
        self.sign_ins = 0


class Handler(BaseHTTPRequestHandler):
    server: Core

    def do_GET(self) -> None:
        self._answer(
            200, b'<form><input type="hidden" name="csrf_token" value="signed"></form>', "a=1; Path=/"
        )

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.path == "/connexion":
            right = (
                b"csrf_token=signed" in body
                and b"password=right" in body
                and "a=1" in self.headers["Cookie"]
                and self.headers["Referer"] == f"http://{self.headers['Host']}/connexion"
            )
            self.server.sign_ins += right
            self._answer(303 if right else 422, b"", "session=s; HttpOnly")
            return
        status = self.server.statuses.pop(0) if self.server.statuses else 201
        self.server.received.append((self.headers["Idempotency-Key"], json.loads(body)))
        self._answer(status, b'{"message": "ok"}')

    def _answer(self, status: int, body: bytes, cookie: str | None = None) -> None:
        self.send_response(status)
        if cookie is not None:
            self.send_header("Set-Cookie", cookie)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None: ...


@pytest.fixture
def core() -> Iterator[Core]:
    with Core() as server:
        serving = threading.Thread(target=server.serve_forever)
        serving.start()
        yield server
        server.shutdown()
        serving.join()


def phone_of(core: Core) -> Phone:
    return Phone(Site(f"http://127.0.0.1:{core.server_port}"), email="ines@exemple.fr", password="right")


def test_a_punch_is_signed_in_and_answered(core: Core) -> None:
    phone = phone_of(core)
    key = phone.punch({"qr": "abc"}, at=NOON, edge="arrival", place_check="inside")
    assert phone.sync() == 0
    assert phone.answers[key].status == "stored"
    assert core.received == [
        (
            key,
            {"v": 1, "at": "2026-11-24T11:00:00+00:00", "qr": "abc", "edge": "arrival", "place": "inside"},
        )
    ]


def test_without_network_punches_wait_and_leave_in_order_afterwards(core: Core) -> None:
    phone = phone_of(core)
    phone.has_network = False
    keys = [phone.punch({"home": number}, at=NOON) for number in (1, 2, 3)]
    assert phone.sync() == 3
    assert not core.received
    phone.has_network = True
    assert phone.sync() == 0
    assert [key for key, _ in core.received] == keys


def test_a_core_that_is_away_gets_the_same_punch_again_and_nothing_overtakes_it(core: Core) -> None:
    phone = phone_of(core)
    core.statuses = [503]
    first, second = phone.punch({"home": 1}, at=NOON), phone.punch({"home": 2}, at=NOON)
    assert phone.sync() == 2
    assert phone.sync() == 0
    assert [key for key, _ in core.received] == [first, first, second]


def test_a_lost_answer_sends_the_same_key_again(core: Core) -> None:
    phone = phone_of(core)
    core.statuses = [201, 200]
    key = phone.punch({"tag": "t"}, at=NOON, lost_answers=1)
    phone.sync()
    assert [received for received, _ in core.received] == [key, key]
    assert phone.answers[key].status == "duplicate"


def test_an_expired_session_is_opened_again(core: Core) -> None:
    phone = phone_of(core)
    core.statuses = [401]
    phone.punch({"home": 1}, at=NOON)
    assert phone.sync() == 1
    assert phone.sync() == 0
    assert core.sign_ins == 2


def test_a_final_refusal_does_not_block_the_next_punch(core: Core) -> None:
    phone = phone_of(core)
    core.statuses = [422]
    first = phone.punch({"tag": "of-another-agency"}, at=NOON)
    second = phone.punch({"home": 1}, at=NOON)
    phone.sync()
    assert (phone.answers[first].status, phone.answers[second].status) == ("refused", "stored")


def test_a_wrong_password_is_refused(core: Core) -> None:
    with pytest.raises(SignInRefusedError):
        Site(f"http://127.0.0.1:{core.server_port}").sign_in("ines@exemple.fr", "wrong")
