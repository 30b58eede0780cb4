"""Tokens of an authority: what is taken of them, what is refused, what an auditor checks."""

import hashlib
import re
import subprocess
import sys
import zipfile
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from homecare.kernel import db
from homecare.kernel.audit import ByUser
from homecare.kernel.ids import OrganisationId, UserId
from homecare.punches.ledger import verify_ledger
from homecare.punches.ledger.exporting import export_ledger
from homecare.punches.ledger.sealing import Seal, seal_days
from homecare.punches.ledger.stamp import Stamp, StampError, read_answer, write_query
from homecare.punches.ledger.stamping import keep_stamp, list_stamps, list_unstamped
from homecare.punches.model import Channel, Claim
from homecare.punches.operations import record
from simulators.timestamp_authority.authority import Authority
from tests.features import feature

MONDAY = date(2026, 11, 23)
NOON = datetime(2026, 11, 23, 11, 0, tzinfo=UTC)
WEEK = {"since": MONDAY, "until": MONDAY + timedelta(days=7)}
DIGEST = hashlib.sha256(b"what is stamped").digest()
NONCE = 2**64 - 1


@pytest.fixture
def seals(conn: db.Conn, organisation: OrganisationId) -> list[Seal]:
    """Monday with a punch, Tuesday with none, both sealed."""
    record(conn, [Claim(organisation, Channel.BOX, "one", NOON)], core_instance="core-1", now=NOON)
    return seal_days(conn, organisation, now=NOON + timedelta(days=2))


def stamp(authority: Authority, digest: bytes) -> Stamp:
    return read_answer(authority.answer(write_query(digest, nonce=NONCE)), digest=digest, nonce=NONCE)


@pytest.fixture
def auditor(conn: db.Conn, seals: list[Seal], authority: Authority, tmp_path: Path) -> Path:
    """A folder with the stamped ledger, unpacked."""
    for one in seals:
        keep_stamp(conn, one.day, stamp(authority, one.seal), now=NOON)
    with (tmp_path / "ledger.zip").open("wb") as file:
        export_ledger(conn, ByUser(UserId(1)), file, **WEEK, now=NOON)
    with zipfile.ZipFile(tmp_path / "ledger.zip") as archive:
        archive.extractall(tmp_path / "auditor")
    return tmp_path / "auditor"


def test_a_token_is_for_the_digest_and_tells_the_instant(authority: Authority) -> None:
    before = datetime.now(UTC).replace(microsecond=0)
    made = stamp(authority, DIGEST)
    assert before <= made.at <= datetime.now(UTC)
    assert verify_ledger.read_token(made.token) == (DIGEST, made.at)


def test_a_token_for_another_digest_or_another_question_is_refused(authority: Authority) -> None:
    answer = authority.answer(write_query(DIGEST, nonce=NONCE))
    with pytest.raises(StampError, match="another digest"):
        read_answer(answer, digest=hashlib.sha256(b"something else").digest(), nonce=NONCE)
    with pytest.raises(StampError, match="another question"):
        read_answer(answer, digest=DIGEST, nonce=NONCE - 1)


def test_a_refusal_of_the_authority_is_told_with_its_status(authority: Authority) -> None:
    with pytest.raises(StampError, match="refused with status 2"):
        read_answer(authority.answer(b"no query"), digest=DIGEST, nonce=NONCE)


@given(st.binary(max_size=300))
def test_what_is_no_answer_is_refused(answer: bytes) -> None:
    with pytest.raises(StampError):
        read_answer(answer, digest=DIGEST, nonce=NONCE)


def test_one_altered_byte_never_makes_a_token_of_another_digest(authority: Authority) -> None:
    answer = authority.answer(write_query(DIGEST, nonce=NONCE))
    for at in range(len(answer)):
        altered = answer[:at] + bytes([answer[at] ^ 1]) + answer[at + 1 :]
        try:
            token = read_answer(altered, digest=DIGEST, nonce=NONCE).token
        except StampError:
            continue
        assert verify_ledger.read_token(token)[0] == DIGEST


def test_a_seal_waits_for_its_stamp_for_a_month(
    conn: db.Conn, seals: list[Seal], authority: Authority
) -> None:
    assert [one.day for one in list_unstamped(conn, today=MONDAY)] == [one.day for one in seals]
    first = stamp(authority, seals[0].seal)
    keep_stamp(conn, seals[0].day, first, now=NOON)
    keep_stamp(conn, seals[0].day, Stamp(b"a second one", NOON), now=NOON)
    assert [one.day for one in list_unstamped(conn, today=MONDAY)] == [seals[1].day]
    assert list_unstamped(conn, today=MONDAY + timedelta(days=60)) == []
    assert list_stamps(conn, **WEEK) == {seals[0].day: first}


def test_a_stamp_is_never_changed_by_the_application(
    conn: db.Conn, seals: list[Seal], authority: Authority
) -> None:
    keep_stamp(conn, seals[0].day, stamp(authority, seals[0].seal), now=NOON)
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        conn.execute("UPDATE ledger_stamps SET token = 'x'")


@feature("N7")
def test_an_auditor_checks_the_tokens_and_is_told_how_to_check_their_signature(
    auditor: Path, authority: Authority, tmp_path: Path
) -> None:
    done = subprocess.run(
        [sys.executable, "-I", "-S", "verify_ledger.py"],
        cwd=auditor,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "Horodatage : 2 jetons. Sceau du 2026-11-24 : horodaté le" in done.stdout
    assert "SIGNATURE N'A PAS ÉTÉ VÉRIFIÉE" in done.stdout
    (auditor / "autorite.pem").write_bytes(authority.certificate.read_bytes())
    (command,) = re.findall(r"^    (openssl ts .+)$", done.stdout, re.MULTILINE)
    assert _openssl(command, auditor) == 0
    stranger = tmp_path / "stranger"
    stranger.mkdir()
    (auditor / "autorite.pem").write_bytes(Authority(stranger).certificate.read_bytes())
    assert _openssl(command, auditor) != 0


def test_a_token_of_another_day_is_an_anomaly(auditor: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (auditor / "stamps/2026-11-23.tst").write_bytes((auditor / "stamps/2026-11-24.tst").read_bytes())
    assert verify_ledger.main([str(auditor)]) == 1
    assert "2026-11-23.tst : ce jeton d'horodatage n'est pas celui" in capsys.readouterr().out


@pytest.mark.parametrize("content", [b"", b"0", b"0\x84", b"nonsense", b"\x30\x80\x06\x01", bytes(500)])
def test_a_token_that_cannot_be_read_is_an_anomaly(auditor: Path, content: bytes) -> None:
    (auditor / "stamps/2026-11-23.tst").write_bytes(content)
    assert verify_ledger.main([str(auditor)]) == 1


def test_a_ledger_whose_tokens_are_gone_is_intact_without_a_word_of_stamps(
    auditor: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for file in (auditor / "stamps").iterdir():
        file.unlink()
    assert verify_ledger.main([str(auditor)]) == 0
    assert "Horodatage" not in capsys.readouterr().out


def _openssl(command: str, folder: Path) -> int:
    return subprocess.run(command.split(), cwd=folder, capture_output=True, check=False).returncode  # noqa: S603
