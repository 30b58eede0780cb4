"""Calls that the dialplan kept while the core was dead: stored once, at the time of the call."""

import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from docker.rootfs.site import TEMPLATES
from homecare.access.call_lines import add_call_line
from homecare.clients.operations import set_line_without_keys
from homecare.punches.missed_calls import CallMissed, take_missed_call
from realtime.ringing_lines import SUFFIX
from simulators.handset.call import CallReport, place_call
from tests.builders import ACTOR
from tests.features import feature
from tests.realtime.agency import Agency
from tests.realtime.browser import health
from tests.supervised import wait_until


@pytest.fixture
def kept(agency: Agency) -> Iterator[Path]:
    """The folder of kept calls, left empty."""
    folder = agency.settings.kept_calls_dir
    yield folder
    for file in files(folder):
        file.unlink()


def files(folder: Path) -> list[Path]:
    """The calls of the folder, which also tells which numbers only ring."""
    return [path for path in folder.iterdir() if path.suffix != SUFFIX]


def call(agency: Agency, *keys: tuple[float, str], **options: object) -> CallReport:
    switch = (agency.settings.sip_host, agency.settings.sip_port)
    return place_call(agency.called, agency.home.line, keys, switch=switch, **options)  # type: ignore[arg-type]


def rows(agency: Agency, query: str) -> list[tuple[object, ...]]:
    with agency.connect() as conn:
        return conn.execute(query).fetchall()


def is_settled(agency: Agency) -> bool:
    try:
        return health(agency.settings)["settled"] is True
    except OSError:  # it is starting
        return False


def keep(agency: Agency, reference: str, *words: str) -> None:
    """Have the dialplan's script keep a call."""
    certificate = agency.settings.kept_calls_key.with_suffix(".crt")
    script = TEMPLATES / "asterisk/keep-call"
    folder = agency.settings.kept_calls_dir
    subprocess.run(["sh", script, folder, certificate, reference, *words], check=True)  # noqa: S603, S607


@feature("N10")
def test_a_call_without_a_core_is_one_punch_at_the_calls_time_once_the_core_is_back(
    agency: Agency, kept: Path
) -> None:
    visit = agency.plan_visit()
    agency.core.command("stop realtime")
    try:
        report = call(agency, (1.0, agency.worker.code))
        assert len(files(kept)) == 1
    finally:
        agency.core.command("start realtime")
    wait_until(lambda: not files(kept))
    ((at, edge, of),) = rows(agency, "SELECT punched_at, edge, visit_id FROM punch_matches")
    assert (edge, of) == ("arrival", visit)
    assert abs(at.timestamp() - (report["answered_at"] or 0)) < 1.5  # type: ignore[attr-defined]
    agency.core.command("kill realtime")  # whatever an interrupted replay left would be replayed now
    wait_until(lambda: is_settled(agency))
    assert rows(agency, "SELECT count(*) FROM punches") == [(1,)]


@feature("N10")
def test_a_core_killed_amid_the_call_costs_no_punch_and_makes_none_up(agency: Agency, kept: Path) -> None:
    agency.plan_visit()
    call(agency, (3.0, agency.worker.code), on_voice=lambda _: agency.core.command("kill realtime"))
    wait_until(lambda: rows(agency, "SELECT 1 FROM punch_matches") and not files(kept))
    assert agency.punches() == [("phone", "arrival", None)]


@feature("N10")
def test_a_punch_that_the_core_had_committed_just_before_it_died_is_found_again(
    agency: Agency, kept: Path
) -> None:
    agency.plan_visit()
    call(agency, (1.0, agency.worker.code))
    ((source, at),) = rows(agency, "SELECT source_ref, punched_at FROM punches")
    keep(
        agency,
        str(source).removesuffix("-1"),
        f"answered={at.timestamp():.0f}",  # type: ignore[attr-defined]
        f"called={agency.called}",
        f"caller={agency.home.line}",
        "presentation=allowed_not_screened",
        f"entry=1::{agency.worker.code}:",
    )
    wait_until(lambda: not files(kept))
    assert rows(agency, "SELECT count(*) FROM punches") == [(1,)]
    assert rows(agency, "SELECT count(*) FROM punch_conflicts") == [(0,)]


@feature("N10")
def test_a_missed_call_whose_core_died_as_it_was_confirmed_is_one_punch_and_a_forged_one_is_none(
    agency: Agency, kept: Path
) -> None:
    visit = agency.plan_visit()
    number = f"+33805{agency.organisation:06d}"
    called_at = datetime.now(UTC).replace(microsecond=0)
    call = CallMissed("phone-1-77.1", number, agency.home.line, called_at, agency.clock().at(called_at))
    with agency.connect() as conn:
        add_call_line(conn, number, label="Appel manqué", rings_only=True)
        home, line = agency.home.home, agency.home.line
        set_line_without_keys(conn, ACTOR, home, line, without_keys=True, now=agency.now())
        missed = take_missed_call(conn, agency.organisation, call, now=called_at)
    assert missed is not None

    def confirm(reference: str, caller: str) -> None:
        keep(
            agency,
            reference,
            f"answered={called_at.timestamp():.0f}",
            f"called={number}",
            f"caller={caller}",
            "presentation=allowed_not_screened",
            f"entry=confirmed:{missed.id}",
        )

    for reference in ("phone-1-77.2", "phone-1-77.3"):
        confirm(reference, agency.home.line)
        wait_until(lambda: not files(kept))
    assert rows(agency, "SELECT edge, visit_id, doubt FROM punch_matches") == [("arrival", visit, None)]
    confirm("phone-1-77.4", "+33699887766")
    wait_until((kept / "phone-1-77.4.aside").exists)
    assert rows(agency, "SELECT count(*) FROM punches") == [(1,)]


def test_a_call_kept_while_the_database_is_away_too_waits_for_both(agency: Agency, kept: Path) -> None:
    agency.plan_visit()
    call(agency, hang_up_after=0.5)  # the core has seen the called number once
    agency.core.command("stop postgresql")
    try:
        agency.core.command("stop realtime")
        call(agency, (1.0, agency.worker.code))
        agency.core.command("start realtime")
        wait_until(lambda: not files(kept))
    finally:
        agency.core.command("start postgresql")
    wait_until(lambda: is_settled(agency))
    assert agency.punches() == [("phone", "arrival", None)]


def test_a_file_that_nobody_can_read_is_put_aside_and_seen(agency: Agency, kept: Path) -> None:
    (kept / "forged.cms").write_bytes(b"-----BEGIN CMS-----\nAAAA\n-----END CMS-----\n")
    wait_until(lambda: health(agency.settings)["set_aside"] == 1)
    assert [file.name for file in files(kept)] == ["forged.aside"]
