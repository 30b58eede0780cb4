"""Rules that the sources keep, read from the sources themselves."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
PACKAGES = (
    "homecare",
    "telephony",
    "mqtt_bridge",
    "nfc_gateway",
    "optimizer",
    "realtime",
    "spool",
    "worker",
    "backoffice_web",
    "simulators",
)
# Where it may be asked what time it is: the clock itself, and programs that stand outside of the core.
MAY_ASK_THE_TIME = ("homecare/kernel/clock.py", "nfc_gateway/", "simulators/")
STATEMENT = re.compile(r"^\s*(SELECT|INSERT INTO|UPDATE|DELETE FROM)\s", re.IGNORECASE)
MAY_SPEAK_SQL = ("homecare/", "realtime/db.py", "realtime/notices.py", "spool/", "simulators/")


def sources(*packages: str) -> Iterator[Path]:
    for package in packages or PACKAGES:
        yield from sorted((ROOT / package).rglob("*.py"))


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def test_nobody_but_the_clock_asks_what_time_it_is() -> None:
    asking = []
    for path in sources():
        if name_of(path).startswith(MAY_ASK_THE_TIME):
            continue
        asking += [
            f"{name_of(path)}:{node.lineno}"
            for node in ast.walk(ast.parse(path.read_text()))
            if isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr in ("now", "utcnow", "today")
            and isinstance(node.func.value, ast.Name)
            and node.func.value.id in ("datetime", "date")
        ]
    assert asking == []


def test_statements_of_the_database_stand_in_the_domain_only() -> None:
    speaking = []
    for path in sources():
        if name_of(path).startswith(MAY_SPEAK_SQL):
            continue
        speaking += [
            f"{name_of(path)}:{node.lineno}"
            for node in ast.walk(ast.parse(path.read_text()))
            if isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and STATEMENT.match(node.value)
            and " " in node.value.strip()
        ]
    assert speaking == []


def test_nothing_but_the_settings_reads_the_environment() -> None:
    reading = []
    for path in sources("homecare", "telephony", "mqtt_bridge", "realtime", "worker", "backoffice_web"):
        if name_of(path) == "homecare/kernel/settings.py":
            continue
        if re.search(r"\bos\.(environ|getenv)\b", path.read_text()):
            reading.append(name_of(path))
    assert reading == []


def test_every_module_says_what_it_is_for() -> None:
    silent = [
        name_of(path)
        for path in sources()
        if path.read_text().strip() and ast.get_docstring(ast.parse(path.read_text())) is None
    ]
    assert silent == []


@pytest.mark.parametrize("word", ["caregiver", "customer", "employee"])
def test_one_word_per_concept(word: str) -> None:
    used = [name_of(path) for path in sources() if re.search(rf"\b{word}s?\b", path.read_text())]
    assert used == []


def test_every_setting_is_in_the_example() -> None:
    from homecare.kernel.settings import Settings  # noqa: PLC0415 - the rest needs no dependency
    from nfc_gateway.settings import GatewaySettings  # noqa: PLC0415

    example = (ROOT / ".env.example").read_text()
    listed = set(re.findall(r"^#? ?PONCTUEL_([A-Z_]+)=", example, re.MULTILINE))
    assert listed == {name.upper() for name in (*Settings.model_fields, *GatewaySettings.model_fields)}


def test_migrations_are_numbered_without_a_gap() -> None:
    numbers = [int(path.name[:4]) for path in sorted((ROOT / "homecare/migrations").glob("*.sql"))]
    assert numbers == list(range(1, len(numbers) + 1))
