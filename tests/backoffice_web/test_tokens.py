"""Every colour is a token, and every pair of tokens that meets on a screen can be read."""

import re
from pathlib import Path

import pytest

from tests.backoffice_web.tokens import colours, contrast

TEXT = 4.5
GRAPHICS = 3.0
SOURCES = Path("backoffice_web")

READ_ON_LIGHT = [
    *[(ink, ground) for ink in ("ink", "ink-2", "ink-3") for ground in ("surface", "page", "accent-soft")],
    *[(s, "surface") for s in ("late", "watch", "due", "run", "done", "open", "ok", "accent")],
    *[(s, f"{s}-soft") for s in ("late", "watch", "due", "run", "done", "open", "ok", "leave")],
    *[("ink", f"{s}-soft") for s in ("late", "watch", "run", "open", "ok", "visit")],
    ("ink-2", "late-soft"),
    ("ink-2", "watch-soft"),
    ("accent-dark", "accent-soft"),
    *[("on-fill", fill) for fill in ("accent", "accent-dark", "late", "run", "ok", "ink", "offline")],
    ("on-ok-2", "ok"),
    ("stage-text", "stage"),
    ("stage-text-2", "stage"),
    ("late", "late-faint"),
    ("ink-2", "accent-faint"),
]
SEEN_ON_LIGHT = [
    ("control", "surface"),
    ("control", "page"),
    ("done-bar", "surface"),
    ("visit-line", "surface"),
    ("accent", "page"),
    ("on-ok-line", "ok"),
]
READ_ON_WALL = [
    *[(ink, ground) for ink in ("ink", "ink-2", "ink-3") for ground in ("surface", "page")],
    *[(s, "surface") for s in ("watch", "due", "run", "done", "open", "live")],
    *[(s, f"{s}-soft") for s in ("late", "watch", "due", "run", "done", "open", "ok")],
    ("ink", "late-soft"),
    ("on-fill", "late-counter"),
]


@pytest.mark.parametrize(("ink", "ground"), READ_ON_LIGHT)
def test_text_is_readable_by_day(ink: str, ground: str) -> None:
    light = colours("light")
    assert contrast(light[ink], light[ground]) >= TEXT


@pytest.mark.parametrize(("line", "ground"), SEEN_ON_LIGHT)
def test_outlines_and_bars_are_visible_by_day(line: str, ground: str) -> None:
    light = colours("light")
    assert contrast(light[line], light[ground]) >= GRAPHICS


@pytest.mark.parametrize(("ink", "ground"), READ_ON_WALL)
def test_text_is_readable_on_the_wall(ink: str, ground: str) -> None:
    wall = colours("wall")
    assert contrast(wall[ink], wall[ground]) >= TEXT


def test_the_accent_is_no_status_colour() -> None:
    light = colours("light")
    statuses = ("late", "watch", "due", "run", "done", "open", "ok")
    assert light["accent"] not in {light[status] for status in statuses}


def test_no_colour_is_written_outside_the_tokens() -> None:
    colour = re.compile(
        r"(?<![&\w/])#(?:[0-9a-f]{3}|[0-9a-f]{6}|[0-9a-f]{8})\b(?!\w)|\b(?:rgb|rgba|hsl|hsla|oklch)\(",
        re.IGNORECASE,
    )
    allowed = {"tokens.css", "favicon.svg"}  # a favicon stands outside the page and its variables
    files = [f for f in SOURCES.rglob("*") if f.suffix in {".css", ".html", ".js", ".svg"}]
    culprits = {
        str(f): found for f in files if f.name not in allowed and (found := colour.findall(f.read_text()))
    }
    assert culprits == {}


def test_every_variable_that_is_used_is_defined() -> None:
    defined: set[str] = set()
    used: set[str] = set()
    for file in SOURCES.rglob("*"):
        if file.suffix in {".css", ".html", ".js"}:
            text = file.read_text()
            defined |= set(re.findall(r"(--p-[a-z0-9-]+):", text))
            used |= set(re.findall(r"var\((--p-[a-z0-9-]+)\)", text))
    assert used - defined == set()
