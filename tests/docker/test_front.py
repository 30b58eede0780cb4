"""nginx as the one origin: what it serves itself, where it sends the rest, HTTPS for the local network."""

import ssl
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from http.client import HTTPResponse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import MappingProxyType
from typing import override

import pytest

from backoffice_web.security import LARGEST_FORM
from backoffice_web.uploads import LARGEST_SENT
from tests.supervised import Supervised, running_supervisor

LAN = "127.0.0.2"  # a loopback address stands for the local network: the wire is the same


class Named(BaseHTTPRequestHandler):
    """Stands where a program would be, and says which and what it was asked."""

    server: "Upstream"

    def do_GET(self) -> None:
        self.send_response(200)
        if self.path == "/own-policy":
            self.send_header("Content-Security-Policy", "default-src 'none'")
        for header in ("Host", "X-Forwarded-For", "X-Forwarded-Proto"):
            self.send_header(f"Asked-{header}", self.headers.get(header, ""))
        self.end_headers()
        self.wfile.write(f"{self.server.name} {self.path}".encode())

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.do_GET()

    @override
    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


class Upstream(ThreadingHTTPServer):
    def __init__(self, name: str, port: int) -> None:
        super().__init__(("127.0.0.1", port), Named)
        self.name = name
        threading.Thread(target=self.serve_forever, args=[0.02], daemon=True).start()


@pytest.fixture(scope="module")
def front(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Supervised]:
    static, roads = tmp_path_factory.mktemp("static"), tmp_path_factory.mktemp("roads")
    (static / "0123456789ab").mkdir()
    (static / "0123456789ab" / "page.css").write_text("body {}")
    (static / "manifest.json").write_text("{}")
    (roads / "map.pmtiles").write_bytes(b"PMTiles and the rest")
    folders = {"PONCTUEL_STATIC_DIR": str(static), "PONCTUEL_ROADS_DIR": str(roads)}
    with running_supervisor("--only", "nginx", "--lan", LAN, environment=folders) as supervised:
        yield supervised


@pytest.fixture
def upstreams(front: Supervised) -> Iterator[None]:
    settings = front.settings
    running = [Upstream("realtime", settings.realtime_port), Upstream("web", settings.web_port)]
    yield
    for upstream in running:
        upstream.shutdown()
        upstream.server_close()


def fetch(
    front: Supervised,
    path: str,
    *,
    data: bytes | None = None,
    headers: Mapping[str, str] = MappingProxyType({}),
) -> HTTPResponse:
    trusted = ssl.create_default_context(cafile=front.state / "authority" / "authority.crt")
    request = urllib.request.Request(front.settings.front_url + path, data=data, headers=dict(headers))  # noqa: S310
    answer: HTTPResponse = urllib.request.urlopen(request, context=trusted, timeout=10)  # noqa: S310
    return answer


@pytest.mark.parametrize(
    ("path", "program"),
    [
        ("/", "web"),
        ("/tableau", "web"),
        ("/punching", "web"),
        ("/events", "realtime"),
        ("/punch", "realtime"),
        ("/t/abc", "realtime"),
    ],
)
def test_each_address_reaches_its_program(
    front: Supervised, upstreams: None, path: str, program: str
) -> None:
    assert fetch(front, path).read().decode() == f"{program} {path}"


def test_metrics_are_not_for_browsers(front: Supervised, upstreams: None) -> None:
    with pytest.raises(urllib.error.HTTPError, match="404"):
        fetch(front, "/metrics")


def test_who_asks_cannot_be_forged(front: Supervised, upstreams: None) -> None:
    answer = fetch(front, "/", headers={"X-Forwarded-For": "10.9.9.9", "X-Forwarded-Proto": "http"})
    assert answer.headers["Asked-X-Forwarded-For"] == "127.0.0.1"
    assert answer.headers["Asked-X-Forwarded-Proto"] == "https"
    assert answer.headers["Asked-Host"] == front.settings.front_url.removeprefix("https://")


def test_a_page_that_says_nothing_gets_a_policy_and_one_that_does_keeps_its_own(
    front: Supervised, upstreams: None
) -> None:
    (policy,) = fetch(front, "/").headers.get_all("Content-Security-Policy", [])
    assert policy.startswith("default-src 'self'; ")
    assert "unsafe" not in policy
    assert fetch(front, "/own-policy").headers.get_all("Content-Security-Policy") == ["default-src 'none'"]


def test_a_check_in_that_is_far_too_large_is_refused_before_it_reaches_us(
    front: Supervised, upstreams: None
) -> None:
    assert fetch(front, "/punch", data=b"x" * 1000).read() == b"realtime /punch"
    with pytest.raises(urllib.error.HTTPError, match="413"):
        fetch(front, "/punch", data=b"x" * 70_000)


def test_a_form_that_is_too_large_never_reaches_a_program_and_is_refused_in_words(
    front: Supervised, upstreams: None
) -> None:
    assert fetch(front, "/beneficiaires", data=b"x" * LARGEST_FORM).read() == b"web /beneficiaires"
    with pytest.raises(urllib.error.HTTPError, match="413") as refused:
        fetch(front, "/beneficiaires", data=b"x" * (LARGEST_FORM + 1))
    assert "rien n’a été enregistré" in refused.value.read().decode()
    assert refused.value.headers["Retry-After"] is None


def test_an_agencys_recording_is_let_through_as_far_as_the_back_office_takes_it(
    front: Supervised, upstreams: None
) -> None:
    phrase = "/reglages/voix/fr/code"
    assert fetch(front, phrase, data=bytes(LARGEST_SENT)).read().decode() == f"web {phrase}"
    with pytest.raises(urllib.error.HTTPError, match="413") as refused:
        fetch(front, phrase, data=bytes(LARGEST_SENT + 1))
    assert "rien n’a été enregistré" in refused.value.read().decode()
    assert fetch(front, "/reglages/voix").read() == b"web /reglages/voix"


def test_while_a_program_is_away_the_page_says_so_and_comes_back(front: Supervised) -> None:
    with pytest.raises(urllib.error.HTTPError, match="503") as away:
        fetch(front, "/tableau")
    assert away.value.headers["Retry-After"] == "5"
    assert "Ponctuel redémarre" in away.value.read().decode()


def test_what_was_sent_while_a_program_is_away_is_not_loaded_again_and_said_to_be_lost(
    front: Supervised,
) -> None:
    with pytest.raises(urllib.error.HTTPError, match="503") as away:
        fetch(front, "/planning/publier", data=b"x=1")
    page = away.value.read().decode()
    assert "Rien n’a été enregistré" in page
    assert "refresh" not in page
    assert "style-src 'unsafe-inline'" in away.value.headers["Content-Security-Policy"]


def test_the_local_network_is_served_by_https_alone(front: Supervised) -> None:
    assert front.settings.front_url.startswith(f"https://{LAN}:")
    assert front.settings.secure_cookies
    with pytest.raises(urllib.error.URLError, match="CERTIFICATE_VERIFY_FAILED"):
        urllib.request.urlopen(front.settings.front_url, timeout=10)  # noqa: S310 - the authority is unknown


def test_the_authority_is_kept_and_its_key_is_out_of_the_sight_of_nginx(front: Supervised) -> None:
    key = front.state / "authority" / "authority.key"
    assert key.stat().st_mode & 0o077 == 0
    seen_by_nginx = {path.name for path in (front.state / "nginx").rglob("*")}
    assert "server.key" in seen_by_nginx
    assert key.name not in seen_by_nginx


def test_a_range_of_the_map_can_be_asked_for(front: Supervised) -> None:
    part = fetch(front, "/tiles/map.pmtiles", headers={"Range": "bytes=0-6"})
    assert (part.status, part.read()) == (206, b"PMTiles")


def test_a_file_under_its_version_is_kept_for_ever_and_any_other_asked_for_again(front: Supervised) -> None:
    page = fetch(front, "/static/0123456789ab/page.css")
    assert page.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert page.headers["Content-Type"].startswith("text/css")
    assert fetch(front, "/static/manifest.json").headers["Cache-Control"] == "no-cache"


@pytest.mark.parametrize("path", ["/static/../nginx.conf", "/static/%2e%2e/nginx.conf", "/tiles/car/roads"])
def test_no_other_file_can_be_reached(front: Supervised, upstreams: None, path: str) -> None:
    # what is no file of ours is a page that Flask will refuse
    assert fetch(front, path).read().startswith(b"web ")
