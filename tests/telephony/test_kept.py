"""What the dialplan keeps: its script, also on a disk that is full, and what is no call of ours."""

import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest

from docker.rootfs.kept_calls import CERTIFICATE, KEY, ensure_key
from docker.rootfs.site import TEMPLATES
from homecare.kernel.ids import OrganisationId, WorkerId
from homecare.punches.model import Channel, Claim, Edge, HomeCode, Line, Nowhere, WorkerCode
from telephony.claims import Confirmed, Entry, KeptMissed, phone_claim, read_entry
from telephony.kept import KeptCall, KeptCallError, Reader, read_kept_call
from telephony.model import Proposal, Ring

REFERENCE = "phone-1-1795527728.0"
WORDS = (
    "answered=1795527728",
    "called=0801020304",
    "caller=0155512345",
    "presentation=allowed_not_screened",
    "entry=1::123456:",
)
RING = Ring(REFERENCE, "+33801020304", "+33155512345", datetime.fromtimestamp(1795527728, UTC))
TEXT = "\n".join(("ponctuel 1", f"reference={REFERENCE}", *WORDS, "end", ""))


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("keys")
    ensure_key(folder)
    return folder


@pytest.fixture
def reader(keys: Path) -> Reader:
    return Reader.load((keys / CERTIFICATE).read_bytes(), (keys / KEY).read_bytes())


def keep(folder: Path, keys: Path, *words: str, before: tuple[str, ...] = ()) -> bool:
    script, certificate = str(TEMPLATES / "asterisk/keep-call"), str(keys / CERTIFICATE)
    command = [*before, "sh", script, str(folder), certificate, REFERENCE, *words]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0  # noqa: S603 - our own


def test_a_kept_call_is_read_again_and_its_code_stands_nowhere_in_clear(
    tmp_path: Path, keys: Path, reader: Reader
) -> None:
    assert keep(tmp_path, keys, *WORDS)
    (file,) = tmp_path.iterdir()
    assert file.name == f"{REFERENCE}.cms"
    assert b"123456" not in file.read_bytes()
    assert reader.open(file.read_bytes()) == KeptCall(RING, Entry(1, None, "123456", None))


def test_a_disk_that_is_full_keeps_nothing_and_says_so(tmp_path: Path, keys: Path) -> None:
    small = ("--size", "4096", "--tmpfs", str(tmp_path))
    fill = ("sh", "-c", f'head -c 4096 /dev/zero >{tmp_path}/filler; exec "$@"', "sh")
    sandbox = ("bwrap", "--dev-bind", "/", "/", *small, *fill)
    assert keep(tmp_path, keys, *WORDS, before=("bwrap", "--dev-bind", "/", "/"))
    assert not keep(tmp_path, keys, *WORDS, before=sandbox)


def test_a_folder_that_is_gone_or_a_certificate_that_is_none_keeps_nothing(
    tmp_path: Path, keys: Path
) -> None:
    assert not keep(tmp_path / "gone", keys, *WORDS)
    (tmp_path / CERTIFICATE).write_text("no certificate")
    assert not keep(tmp_path, tmp_path, *WORDS)
    assert [path.name for path in tmp_path.iterdir()] == [CERTIFICATE]


def test_a_key_is_made_once(keys: Path) -> None:
    before = (keys / KEY).read_bytes()
    ensure_key(keys)
    assert (keys / KEY).read_bytes() == before
    assert (keys / KEY).stat().st_mode & 0o077 == 0


def test_what_was_encrypted_for_another_core_cannot_be_read(
    tmp_path: Path, keys: Path, reader: Reader
) -> None:
    ensure_key(tmp_path / "other")
    folder = tmp_path / "kept"
    folder.mkdir()
    assert keep(folder, tmp_path / "other", *WORDS)
    (file,) = folder.iterdir()
    with pytest.raises(KeptCallError):
        reader.open(file.read_bytes())


@pytest.mark.parametrize("cut", [0, 1, 100, 500, -30])
def test_a_torn_file_cannot_be_read(tmp_path: Path, keys: Path, reader: Reader, cut: int) -> None:
    assert keep(tmp_path, keys, *WORDS)
    (file,) = tmp_path.iterdir()
    with pytest.raises(KeptCallError):
        reader.open(file.read_bytes()[:cut])


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ("ponctuel 1", "ponctuel 2"),
        ("\nend\n", "\n"),
        ("\nend\n", "\nend\nend\n"),
        ("answered=1795527728", "answered=soon"),
        ("called=0801020304", "called="),
        ("reference=phone", "reference=../../phone"),
        ("entry=1::123456:", "entry=1::123456"),
        ("entry=1::123456:", "entry=1:::"),
        ("entry=1::123456:", "entry=1::123456:lunch"),
        ("entry=1::123456:", "entry=1:DROP:123456:"),
        ("entry=1::123456:", "entry=confirmed:"),
        ("entry=1::123456:", "entry=confirmed:1_0"),
        ("entry=1::123456:", "entry=confirmed:+1"),
        ("entry=1::123456:", f"entry=confirmed:{'9' * 19}"),
        ("entry=1::123456:", "entry=missed:1"),
        ("caller=0155512345", "caller=0155512345\ncaller=0666666666"),
        ("caller=0155512345", "extra=1\ncaller=0155512345"),
    ],
)
def test_a_text_that_is_none_of_ours_is_refused(ours: str, theirs: str) -> None:
    assert ours in TEXT
    with pytest.raises(KeptCallError):
        read_kept_call(TEXT.replace(ours, theirs))


@pytest.mark.parametrize(
    ("caller", "presentation", "number"),
    [
        ("0155512345", "allowed_passed_screen", "+33155512345"),
        ("0155512345", "prohib_not_screened", None),
        ("", "unavailable", None),
    ],
)
def test_a_number_that_was_withheld_is_none(caller: str, presentation: str, number: str | None) -> None:
    text = TEXT.replace("0155512345", caller).replace("allowed_not_screened", presentation)
    assert read_kept_call(text).ring.caller == number


@pytest.mark.parametrize(
    "entry", [Entry(1, None, "123456", None), Entry(2, "123455", "012345", Edge.DEPARTURE)]
)
def test_what_was_keyed_goes_through_the_dialplan_unchanged(entry: Entry) -> None:
    assert read_entry(entry.text()) == entry


def test_a_missed_call_is_kept_as_such_and_what_was_confirmed_by_its_number_alone() -> None:
    assert read_kept_call(TEXT.replace("1::123456:", "missed")).entry == KeptMissed(None)
    confirmed = Confirmed(42, Proposal(WorkerId(3), "Inès", Edge.ARRIVAL))
    assert read_entry(confirmed.text()) == KeptMissed(42)


@pytest.mark.parametrize(
    ("caller", "home_code", "where"),
    [
        ("+33155512345", None, Line("+33155512345")),
        (None, "123455", HomeCode("123455")),
        (None, None, Nowhere()),
    ],
)
def test_the_claim_of_a_call_is_the_same_whoever_took_it(
    caller: str | None, home_code: str | None, where: Line | HomeCode | Nowhere
) -> None:
    ring = Ring(REFERENCE, "+33801020304", caller, RING.answered_at)
    claim = phone_claim(
        Entry(1, home_code, "123456", None),
        ring,
        OrganisationId(7),
        hash_code=lambda _, code: code.encode(),
        clock_at=lambda real: real,
    )
    assert claim == Claim(
        organisation=OrganisationId(7),
        channel=Channel.PHONE,
        source_ref=f"{REFERENCE}-1",
        punched_at=RING.answered_at,
        where=where,
        who=WorkerCode(b"123456"),
        details={"called": "+33801020304", "caller": caller},
    )
