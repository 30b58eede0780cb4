"""Finds the Debian mirror that the machine itself installs from. Never names one of its own."""

import os
import re
from collections.abc import Iterator
from pathlib import Path

_SOURCES = Path("/etc/apt")
_DEBIAN = re.compile(r"debian/?$")


class NoMirrorError(Exception):
    """The machine's package sources name no Debian mirror."""


def find_mirror(sources: Path = _SOURCES) -> str:
    """Address of the first Debian mirror in the machine's own apt sources, or `PONCTUEL_DEBIAN_MIRROR`."""
    if named := os.environ.get("PONCTUEL_DEBIAN_MIRROR"):
        return named
    for address in _addresses(sources):
        if _DEBIAN.search(address):
            return address
    raise NoMirrorError(
        f"no Debian mirror in {sources}: name one in PONCTUEL_DEBIAN_MIRROR (an address that ends in /debian)"
    )


def _addresses(sources: Path) -> Iterator[str]:
    for deb822 in sorted(sources.glob("sources.list.d/*.sources")):
        for line in deb822.read_text().splitlines():
            field, _, value = line.partition(":")
            if field.strip().lower() == "uris":
                yield from value.split()
    for classic in [sources / "sources.list", *sorted(sources.glob("sources.list.d/*.list"))]:
        if classic.exists():
            for line in classic.read_text().splitlines():
                if match := re.match(r"deb\s+(?:\[[^]]*]\s+)?(\S+)", line):
                    yield match[1]
