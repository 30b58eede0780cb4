"""WebKit, the engine of every browser of an iPhone, driven over WebDriver on a screen that nobody looks at.

It is Debian's WebKitGTK in its own small browser. Under automation, what pages store is kept in memory: a
page can be loaded again, the browser cannot.
"""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from docker.rootfs.ports import choose_port, is_free
from tests.supervised import wait_until
from tests.webdriver import Browser

LIBRARIES = Path("/usr/lib")
DIES_WITH_US = ("setpriv", "--pdeathsig", "TERM", "--")
NARROW = "* { padding: 0; margin: 0; border-width: 0; min-width: 0; min-height: 0; }"
"""A style for the browser's own bar, which else keeps its window wider than a telephone."""


@contextmanager
def screen_in_memory() -> Iterator[str]:
    """Start a screen; yield the name by which programs find it."""
    tell, told = os.pipe()
    command = ["Xvfb", "-displayfd", str(told), "-screen", "0", "1600x1200x24", "-nolisten", "tcp"]
    server = subprocess.Popen(  # noqa: S603 - Debian's
        [*DIES_WITH_US, *command], stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL, pass_fds=(told,)
    )
    try:
        os.close(told)
        with os.fdopen(tell) as said:
            number = said.readline().strip()
        assert number, "the screen did not start"
        yield f":{number}"
    finally:
        _end(server)


@pytest.fixture(scope="session")
def screen() -> Iterator[str]:
    """The screen of the whole run."""
    with screen_in_memory() as name:
        yield name


@contextmanager
def webkit(screen: str, home: Path, *, width: int, height: int) -> Iterator[Browser]:
    """Start a browser that knows nothing yet and shows pages in this size; `home` is where it may write."""
    _dress(home)
    port = choose_port(set())
    with (home / "driver.log").open("wb") as log:
        driver = subprocess.Popen(  # noqa: S603 - Debian's
            [*DIES_WITH_US, "WebKitWebDriver", f"--port={port}", "--host=127.0.0.1"],
            env=_environment(screen, home),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        )
    try:
        wait_until(lambda: not is_free(port))
        browser = Browser(port, {"webkitgtk:browserOptions": {"binary": _find(), "args": ["--automation"]}})
        try:
            browser.open("about:blank")
            browser.size(width, height)
            yield browser
        finally:
            browser.close()
    finally:
        _end(driver)


def _find() -> str:
    """Return the browser: Debian keeps it beside the library."""
    found = sorted(LIBRARIES.glob("*/webkit2gtk-4.*/MiniBrowser"))
    assert found, "no WebKit browser: `make setup-tests` installs it"
    return str(found[-1])


def _dress(home: Path) -> None:
    style = home / ".config" / "gtk-3.0" / "gtk.css"
    style.parent.mkdir(parents=True)
    style.write_text(NARROW)


def _environment(screen: str, home: Path) -> dict[str, str]:
    """Return what a browser needs: nobody's settings, no desktop, no reader of screens."""
    desktop = {"DISPLAY": screen, "GSETTINGS_BACKEND": "memory", "NO_AT_BRIDGE": "1"}
    return {"PATH": os.environ["PATH"], "HOME": str(home), "LANG": "C.UTF-8", **desktop}


def _end(process: "subprocess.Popen[bytes]") -> None:
    process.terminate()
    process.wait(timeout=30)
