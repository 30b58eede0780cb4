"""Our class names do not meet Tabler's by accident: what it says of a same name would come along unseen."""

import re
from pathlib import Path

from backoffice_web.gather import MODULES, SOURCES, VENDOR

MEANT = {
    # Bootstrap's words for the same thing, which our sheets restyle
    "btn", "btn-danger", "btn-group", "btn-link", "btn-square", "card", "form-control", "form-select",
    "icon", "visually-hidden",
}  # fmt: skip


def class_names(css: str) -> set[str]:
    selectors = re.sub(r"\{[^{}]*\}", "{}", re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL))
    return set(re.findall(r"\.([a-zA-Z][\w-]*)", selectors))


def test_only_the_names_that_are_meant_are_tablers() -> None:
    tabler = class_names((MODULES / VENDOR["vendor/tabler/tabler.min.css"]).read_text())
    ours: set[str] = set()
    for sheet in (SOURCES / "css").glob("*.css"):
        ours |= class_names(sheet.read_text())
    assert ours & tabler - MEANT == set()


def test_templates_use_no_utility_classes_of_tabler() -> None:
    tabler = class_names((MODULES / VENDOR["vendor/tabler/tabler.min.css"]).read_text())
    used: set[str] = set()
    for template in Path("backoffice_web").rglob("*.html"):
        for names in re.findall(r'class="([^"{]*)"', template.read_text()):
            used |= set(names.split())
    assert used & tabler - MEANT == set()
