"""Fills the `@NAME@` placeholders of a configuration: one copy serves the root filesystem and compose."""

import re
from collections.abc import Mapping
from pathlib import Path

from docker.rootfs.private import write_private

_PLACEHOLDER = re.compile(r"@([A-Z][A-Z0-9_]*)@")


def fill(text: str, values: Mapping[str, str]) -> str:
    """`text` with every placeholder replaced. Raises KeyError for one that `values` does not hold."""
    return _PLACEHOLDER.sub(lambda match: values[match[1]], text)


def fill_folder(source: Path, target: Path, values: Mapping[str, str]) -> None:
    """Write each file of `source`, filled, into `target`; only the owner may read: some hold secrets."""
    target.mkdir(parents=True, exist_ok=True)
    for template in sorted(path for path in source.iterdir() if path.is_file()):
        fill_file(template, target / template.name, values)


def fill_file(template: Path, target: Path, values: Mapping[str, str]) -> None:
    """Write one filled template."""
    write_private(target, fill(template.read_text(), values))
