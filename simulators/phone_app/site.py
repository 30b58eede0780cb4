"""The browser of a telephone: keeps cookies, fills the sign-in form, posts JSON. One request a connection."""

import http.client
import json
import re
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import urlencode, urlsplit

PATIENCE = 10.0
"""Seconds a telephone waits for an answer before it takes the network for lost."""

_SIGNATURE = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')


class SignInRefusedError(Exception):
    """The address or the password is wrong, or there is no form at this address."""


@dataclass(frozen=True, slots=True)
class Reply:
    """An HTTP answer; `body` is JSON, empty when it is something else."""

    status: int
    body: Mapping[str, object]


class Site:
    """One origin, with the cookies it has set."""

    def __init__(self, url: str, *, authority: Path | None = None) -> None:
        """`url` is what a browser opens; `authority`: a local authority's certificate, trusted if given."""
        self._origin = url.rstrip("/")
        address = urlsplit(url)
        self._host, self._port = address.hostname or "", address.port
        self._trust = ssl.create_default_context(cafile=authority) if address.scheme == "https" else None
        self._cookies: dict[str, str] = {}

    def sign_in(self, email: str, password: str) -> None:
        """Fill and send the sign-in form. Raises `SignInRefusedError`, OSError without network."""
        self._cookies.clear()
        page = self._ask("GET", "/connexion")[1].decode(errors="replace")
        signature = _SIGNATURE.search(page)
        if signature is None:
            raise SignInRefusedError("no sign-in form")
        form = {"csrf_token": signature[1], "email": email, "password": password}
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            # By HTTPS a form is taken only from a page of the same site, which browsers name.
            "Referer": f"{self._origin}/connexion",
        }
        status, _ = self._ask("POST", "/connexion", urlencode(form).encode(), headers)
        if status not in (http.client.SEE_OTHER, http.client.FOUND):
            raise SignInRefusedError(f"status {status}")

    def get(self, path: str) -> str:
        """Return a page. Raises OSError without network."""
        return self._ask("GET", path)[1].decode(errors="replace")

    def post(self, path: str, message: Mapping[str, object], headers: Mapping[str, str]) -> Reply:
        """Post JSON. Raises OSError when the network or the server fails before an answer."""
        sent = {"Content-Type": "application/json", **headers}
        status, text = self._ask("POST", path, json.dumps(message).encode(), sent)
        try:
            body = json.loads(text)
        except ValueError:
            body = {}
        return Reply(status, body if isinstance(body, dict) else {})

    @property
    def cookies(self) -> str:
        """The cookies, as the header has them."""
        return "; ".join(f"{name}={value}" for name, value in self._cookies.items())

    def connect(self, *, patience: float = PATIENCE) -> http.client.HTTPConnection:
        """Return a new connection to the origin."""
        if self._trust is None:
            return http.client.HTTPConnection(self._host, self._port, timeout=patience)
        return http.client.HTTPSConnection(self._host, self._port, timeout=patience, context=self._trust)

    def _ask(
        self, method: str, path: str, body: bytes | None = None, headers: Mapping[str, str] | None = None
    ) -> tuple[int, bytes]:
        connection = self.connect()
        sent = {"Origin": self._origin, "Cookie": self.cookies, **(headers or {})}
        try:
            connection.request(method, path, body, sent)
            answer = connection.getresponse()
            text = answer.read()
        except http.client.HTTPException as error:
            raise ConnectionError(str(error)) from error
        finally:
            connection.close()
        for line in answer.headers.get_all("Set-Cookie", []):
            self._cookies |= {name: morsel.value for name, morsel in SimpleCookie(line).items()}
        return answer.status, text
