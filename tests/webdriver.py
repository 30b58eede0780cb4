"""A browser driven over the W3C's WebDriver wire: as much of it as a journey on a telephone needs."""

import base64
import http.client
import json
from pathlib import Path
from typing import Any

from tests.supervised import wait_until

_ELEMENT = "element-6066-11e4-a52e-4f735466cecf"  # the key by which the wire names an element
_PATIENCE_S = 60

_RUN = """const done = arguments[arguments.length - 1];
Promise.resolve((%s)(...[...arguments].slice(0, -1)))
  .then((value) => done({ value }), (error) => done({ error: `${error.name}: ${error.message}` }));"""

_NOT_YET = ("element not interactable", "stale element reference", "element click intercepted")

_SHOWN = """if (document.readyState !== "complete") return null;  // a press before the scripts does nothing
const named = (one) => one.getAttribute("aria-label") ?? one.innerText;
const modal = [...document.querySelectorAll("dialog[open]")].at(-1);
return [...(modal ?? document).querySelectorAll("button, a[href], summary")]
  .filter((one) => one.checkVisibility() && named(one).includes(arguments[0]))[0] ?? null;"""


class WebDriverError(Exception):
    """The browser could not do what it was told; says the wire's own name of the error."""


class Browser:
    """One session: a browser with one window."""

    def __init__(self, port: int, capabilities: dict[str, object]) -> None:
        """Have the driver on this port of the loopback start a browser."""
        self._port = port
        self._path = ""
        created = self._send("POST", "/session", {"capabilities": {"alwaysMatch": capabilities}})
        self.capabilities: dict[str, Any] = created["capabilities"]
        self._path = f"/session/{created['sessionId']}"

    def close(self) -> None:
        """End the browser."""
        self._send("DELETE", "")

    def open(self, address: str) -> None:
        """Go there, and wait until the page is loaded."""
        self._send("POST", "/url", {"url": address})

    def reload(self) -> None:
        """Load the page again."""
        self._send("POST", "/refresh", {})

    @property
    def address(self) -> str:
        """Where the page is."""
        return str(self._send("GET", "/url"))

    def run(self, function: str, *arguments: object) -> Any:
        """Return what a function of the page's language returns, awaited. Fails with its error."""
        answer = self._send("POST", "/execute/async", {"script": _RUN % function, "args": arguments})
        if "error" in answer:
            raise WebDriverError(answer["error"])
        return answer["value"]

    def press(self, word: str) -> None:
        """Press, as a finger does, the button or the link that shows these words, once it can be pressed."""
        wait_until(lambda: self._pressed(word))

    def _pressed(self, word: str) -> bool:
        found = self._send("POST", "/execute/sync", {"script": _SHOWN, "args": [word]})
        if found is None:
            return False
        try:
            self._send("POST", f"/element/{found[_ELEMENT]}/click", {})
        except WebDriverError as error:
            if str(error).startswith(_NOT_YET):
                return False
            raise
        return True

    def fill(self, field: str, text: str) -> None:
        """Type into the field that the selector names."""
        element = self._send("POST", "/element", {"using": "css selector", "value": field})[_ELEMENT]
        self._send("POST", f"/element/{element}/value", {"text": text})

    @property
    def text(self) -> str:
        """What the page shows."""
        return str(self.run("() => document.body.innerText"))

    def see(self, text: str, *, seconds: float = 30) -> None:
        """Wait until the page shows this."""
        wait_until(lambda: text in self.text, seconds=seconds)

    def size(self, width: int, height: int) -> None:
        """Give the page this size."""
        outer = self.run("() => [window.outerWidth - innerWidth, window.outerHeight - innerHeight]")
        wanted = {"width": width + outer[0], "height": height + outer[1]}
        self._send("POST", "/window/rect", wanted)

    def picture(self, path: Path) -> None:
        """Write what is on the screen, as PNG."""
        path.write_bytes(base64.b64decode(self._send("GET", "/screenshot")))

    def _send(self, method: str, path: str, body: object = None) -> Any:
        link = http.client.HTTPConnection("127.0.0.1", self._port, timeout=_PATIENCE_S)
        try:
            sent = None if body is None else json.dumps(body).encode()
            link.request(method, self._path + path, sent, {"Content-Type": "application/json"})
            answer = json.loads(link.getresponse().read())["value"]
        finally:
            link.close()
        if isinstance(answer, dict) and set(answer) >= {"error", "message"}:
            raise WebDriverError(f"{answer['error']}: {answer['message']}")
        return answer
