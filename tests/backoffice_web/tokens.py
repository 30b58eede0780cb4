"""Reads the colours of tokens.css and measures contrast as WCAG 2.2 defines it."""

import re
from pathlib import Path

TOKENS = Path("backoffice_web/static/css/tokens.css")


def colours(theme: str) -> dict[str, str]:
    """Return the hexadecimal colours of `light` or `wall` by their token's name, without `--p-`."""
    css = TOKENS.read_text()
    light, wall = re.split(r'\[data-theme="wall"\] \{', css)
    pattern = re.compile(r"--p-([a-z0-9-]+): (#[0-9a-f]{6});")
    found = dict(pattern.findall(light))
    return found | dict(pattern.findall(wall.partition("}")[0])) if theme == "wall" else found


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two hexadecimal colours, 1 to 21 (WCAG 2.2, 1.4.3)."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
