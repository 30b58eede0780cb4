"""The status vocabulary is drawn once and complete; screens ask for no drawing that does not exist."""

import re
from pathlib import Path

from backoffice_web.gather import ICONS, MODULES, SOURCES, icon_sprite
from backoffice_web.layout.vocabulary import PROOF_WORDS, STATUS_WORDS, Status
from homecare.punches.model import Proof

TEMPLATES = [*Path("backoffice_web").rglob("*.html"), *Path("backoffice_web").rglob("*.py")]


def symbols(sprite: str) -> set[str]:
    return set(re.findall(r'<symbol id="([a-z0-9-]+)"', sprite))


def status_sprite() -> str:
    return (SOURCES / "icons" / "status.svg").read_text()


def test_every_status_has_a_drawing_and_a_word() -> None:
    assert {status.value for status in Status} <= symbols(status_sprite())
    assert set(STATUS_WORDS) == set(Status)


def test_every_proof_has_a_drawing_and_a_word() -> None:
    assert {f"proof-{proof.lower()}" for proof in Proof} <= symbols(status_sprite())
    assert set(PROOF_WORDS) == set(Proof)


def test_every_silhouette_is_different() -> None:
    drawings = re.findall(r"<symbol id=\"[a-z-]+\"[^>]*>(.*?)</symbol>", status_sprite(), re.DOTALL)
    assert len(drawings) == len(set(drawings))


def test_the_icons_that_templates_ask_for_are_in_the_list() -> None:
    asked = {
        name
        for file in TEMPLATES
        for name in re.findall(r"\bicon\(\"([a-z0-9-]+)\"|icon_name=\"([a-z0-9-]+)\"", file.read_text())
        for name in name
        if name
    }
    listed = (SOURCES / ICONS).read_text().split()
    assert asked - set(listed) == set()
    assert listed == sorted(set(listed))
    assert symbols(icon_sprite(MODULES, listed).decode()) == set(listed)
