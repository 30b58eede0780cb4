"""The ledger as an auditor gets it: sealed day by day, exported, checked without us, altered by one byte."""

import subprocess
import sys
import zipfile
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from homecare.kernel import db
from homecare.kernel.audit import ByUser
from homecare.kernel.ids import OrganisationId, UserId
from homecare.punches.ledger import verify_ledger
from homecare.punches.ledger.exporting import export_ledger
from homecare.punches.ledger.sealing import list_seals, seal_days
from homecare.punches.model import Channel, Claim, Line
from homecare.punches.operations import record

MONDAY = date(2026, 11, 23)
NOON = datetime(2026, 11, 23, 11, 0, tzinfo=UTC)
AUDITOR = ByUser(UserId(1))
WEEK = {"since": MONDAY, "until": MONDAY + timedelta(days=7)}


def receive(
    conn: db.Conn, organisation: OrganisationId, *, at: datetime, core: str = "core-1", n: int = 3
) -> None:
    claims = [
        Claim(
            organisation,
            Channel.PHONE,
            f"{core}-{at:%d%H%M}-{number}",
            at,
            Line("+33555101010"),
            details={"é": 1},
        )
        for number in range(n)
    ]
    record(conn, claims, core_instance=core, now=at)


@pytest.fixture
def sealed(conn: db.Conn, organisation: OrganisationId) -> db.Conn:
    """Monday on two cores, nothing on Tuesday, Wednesday on one core and after its midnight in Paris."""
    for core in ("core-1", "core-2"):
        receive(conn, organisation, at=NOON, core=core)
    receive(conn, organisation, at=NOON + timedelta(days=2))
    receive(conn, organisation, at=datetime(2026, 11, 25, 23, 30, tzinfo=UTC), n=1)  # Thursday, in Paris
    seal_days(conn, organisation, now=NOON + timedelta(days=3))
    return conn


@pytest.fixture
def exported(sealed: db.Conn, tmp_path: Path) -> Path:
    archive = tmp_path / "registre.zip"
    with archive.open("wb") as file:
        export_ledger(sealed, AUDITOR, file, **WEEK, now=NOON)
    return archive


def test_every_day_that_is_over_is_sealed_once_an_empty_one_too(
    sealed: db.Conn, organisation: OrganisationId
) -> None:
    seals = list_seals(sealed, **WEEK)
    assert [(one.day.day, one.lines) for one in seals] == [(23, 6), (24, 0), (25, 3)]
    assert seal_days(sealed, organisation, now=NOON + timedelta(days=3)) == []
    (thursday,) = seal_days(sealed, organisation, now=NOON + timedelta(days=4))
    assert (thursday.day.day, thursday.lines) == (26, 1)


def test_a_day_is_not_sealed_before_its_last_punch_is_safe(
    conn: db.Conn, organisation: OrganisationId
) -> None:
    receive(conn, organisation, at=NOON)
    midnight = datetime(2026, 11, 23, 23, 0, tzinfo=UTC)
    assert seal_days(conn, organisation, now=midnight + timedelta(minutes=59)) == []
    assert len(seal_days(conn, organisation, now=midnight + timedelta(minutes=60))) == 1


def test_what_a_clock_that_was_set_back_dates_into_a_sealed_day_goes_to_the_next_one(
    sealed: db.Conn, organisation: OrganisationId, tmp_path: Path
) -> None:
    receive(sealed, organisation, at=NOON + timedelta(hours=1), n=2)
    (thursday,) = seal_days(sealed, organisation, now=NOON + timedelta(days=4))
    assert thursday.lines == 3
    with (tmp_path / "all.zip").open("wb") as file:
        export_ledger(sealed, AUDITOR, file, **WEEK, now=NOON)
    assert verify_ledger.main([str(tmp_path / "all.zip")]) == 0


def test_a_seal_is_never_changed_by_the_application(sealed: db.Conn) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        sealed.execute("UPDATE ledger_seals SET root = seal")


def test_an_auditor_checks_the_export_with_nothing_but_python(exported: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(exported) as archive:
        archive.extractall(tmp_path / "auditor")
    # -I -S: neither our packages nor anybody's, only what comes with Python
    done = subprocess.run(
        [sys.executable, "-I", "-S", "verify_ledger.py"],
        cwd=tmp_path / "auditor",
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("Registre intact : 9 pointages. Dernier sceau : ")
    assert done.stdout.splitlines()[0].endswith(" du 2026-11-25")


def test_a_part_of_the_ledger_is_checked_from_where_it_begins(
    sealed: db.Conn, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    day = date(2026, 11, 25)
    with (tmp_path / "part.zip").open("wb") as file:
        export_ledger(sealed, AUDITOR, file, since=day, until=day + timedelta(days=1), now=NOON)
    assert verify_ledger.main([str(tmp_path / "part.zip")]) == 0
    assert "3 pointages" in capsys.readouterr().out


@settings(deadline=None, max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_one_altered_byte_is_found_wherever_it_is(
    exported: Path, tmp_path: Path, data: st.DataObject
) -> None:
    folder = _extracted(exported, tmp_path)
    name = data.draw(st.sampled_from(["punches.jsonl", "seals.jsonl", "start.json", "phones.json"]))
    content = bytearray((folder / name).read_bytes())
    at = data.draw(st.integers(0, len(content) - 1))
    content[at] ^= data.draw(st.integers(1, 255))
    (folder / name).write_bytes(content)
    assert verify_ledger.main([str(folder)]) != 0


@pytest.mark.parametrize("gone", range(9))
def test_a_punch_that_was_taken_away_is_missed(exported: Path, tmp_path: Path, gone: int) -> None:
    folder = _extracted(exported, tmp_path)
    lines = (folder / "punches.jsonl").read_bytes().splitlines(keepends=True)
    del lines[gone]
    (folder / "punches.jsonl").write_bytes(b"".join(lines))
    assert verify_ledger.main([str(folder)]) == 1


def test_punches_that_were_exchanged_are_seen(exported: Path, tmp_path: Path) -> None:
    folder = _extracted(exported, tmp_path)
    lines = (folder / "punches.jsonl").read_bytes().splitlines(keepends=True)
    lines[0], lines[1] = lines[1], lines[0]
    (folder / "punches.jsonl").write_bytes(b"".join(lines))
    assert verify_ledger.main([str(folder)]) == 1


def test_a_ledger_without_a_sealed_day_is_not_said_to_be_intact(
    conn: db.Conn, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with (tmp_path / "empty.zip").open("wb") as file:
        assert export_ledger(conn, AUDITOR, file, **WEEK, now=NOON) == []
    assert verify_ledger.main([str(tmp_path / "empty.zip")]) == 2
    assert "Rien à vérifier" in capsys.readouterr().out


def test_a_line_nested_without_end_is_an_anomaly(exported: Path, tmp_path: Path) -> None:
    folder = _extracted(exported, tmp_path)
    (folder / "punches.jsonl").write_bytes(b"[" * 200_000 + b"\n")
    assert verify_ledger.main([str(folder)]) == 1


@pytest.mark.parametrize("given", ["nothing.zip", "."])
def test_what_is_no_ledger_is_said_to_be_unreadable(
    tmp_path: Path, given: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert verify_ledger.main([str(tmp_path / given)]) == 2
    assert "illisible" in capsys.readouterr().out


def _extracted(archive: Path, tmp_path: Path) -> Path:
    with zipfile.ZipFile(archive) as opened:
        opened.extractall(tmp_path / "altered")
    return tmp_path / "altered"
