"""What an auditor learns of the telephones' own signatures, with nothing but the archive."""

import json
import zipfile
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from homecare.kernel import db
from homecare.kernel.audit import BySystem, ByUser
from homecare.kernel.ids import OrganisationId, UserId, WorkerId
from homecare.punches.ledger import verify_ledger
from homecare.punches.ledger.exporting import export_ledger
from homecare.punches.ledger.sealing import seal_days
from homecare.punches.model import Channel, Claim, Qr, SignedInWorker
from homecare.punches.operations import record
from homecare.punches.signing import read_bytes
from homecare.workers.phones import NewPhone, enrol_phone
from simulators.phone_app.signer import Signer
from tests.builders import make_area, make_worker

NOON = datetime(2026, 11, 23, 11, 0, tzinfo=UTC)
EARLIER = timedelta(hours=1)


def enrol(conn: db.Conn, worker: WorkerId) -> Signer:
    signer = Signer()
    sent = signer.enrolment(worker)
    phone = NewPhone(read_bytes(sent["public_key"]), read_bytes(sent["proof"]), "Téléphone")
    enrol_phone(conn, BySystem("tests"), worker, phone, now=NOON)
    return signer


def claim(organisation: OrganisationId, worker: WorkerId, signer: Signer, key: str) -> Claim:
    message = {"qr": "abc", "at": NOON.isoformat(), "edge": None, "place": "unknown"}
    text, signature = signer.entry(key, message, at=NOON.timestamp())
    details = {"signed": {"text": text, "signature": signature}}
    return Claim(
        organisation,
        Channel.QR,
        f"{worker}/{key}",
        NOON,
        Qr("abc"),
        SignedInWorker(worker),
        details=details,
    )


def told(
    conn: db.Conn,
    organisation: OrganisationId,
    claims: list[Claim],
    capsys: pytest.CaptureFixture[str],
    to: Path,
) -> list[str]:
    """Record the claims, seal and export their day; return what the checker says of signatures."""
    record(conn, claims, core_instance="a", now=NOON)
    seal_days(conn, organisation, now=NOON + timedelta(days=1))
    with (to / "registre.zip").open("wb") as file:
        export_ledger(
            conn, ByUser(UserId(1)), file, since=date(2026, 11, 23), until=date(2026, 11, 24), now=NOON
        )
    capsys.readouterr()
    assert verify_ledger.main([str(to / "registre.zip")]) == 0
    lines = capsys.readouterr().out.splitlines()
    start = next(at for at, line in enumerate(lines) if line.startswith("Signatures"))
    return lines[start:]


@pytest.fixture
def worker(conn: db.Conn, organisation: OrganisationId) -> WorkerId:
    return make_worker(conn, organisation, make_area(conn)).id


def test_every_right_signature_is_counted(
    conn: db.Conn,
    organisation: OrganisationId,
    worker: WorkerId,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
) -> None:
    one, other = enrol(conn, worker), enrol(conn, worker)
    claims = [claim(organisation, worker, phone, f"punch-{n}") for n, phone in enumerate((one, other, one))]
    assert told(conn, organisation, claims, capsys, tmp_path) == [
        "Signatures des téléphones : 3 pointages signés, 3 signatures exactes."
    ]


def test_false_ones_strangers_and_another_hour_are_told_apart(
    conn: db.Conn,
    organisation: OrganisationId,
    worker: WorkerId,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
) -> None:
    signer = enrol(conn, worker)
    right = claim(organisation, worker, signer, "punch-1")
    details = json.loads(json.dumps(right.details))
    details["signed"]["text"] = details["signed"]["text"].replace("unknown", "inside")
    altered = replace(right, details=details)
    borrowed = replace(claim(organisation, worker, signer, "punch-2"), source_ref=f"{worker}/punch-3")
    moved = replace(claim(organisation, worker, signer, "punch-4"), punched_at=NOON - EARLIER)
    stranger = claim(organisation, worker, Signer(), "punch-5")
    first, *others = told(conn, organisation, [altered, borrowed, moved, stranger], capsys, tmp_path)
    assert first == "Signatures des téléphones : 4 pointages signés, 1 signatures exactes."
    assert others[0].startswith("    1 d'un téléphone que l'agence ne connaissait pas")
    assert others[1].startswith("    1 rangés à une autre heure que celle que le téléphone a signée")
    assert others[-1].endswith("pointages 1 du poste a, 2 du poste a.")


def test_the_key_of_another_telephone_is_an_anomaly(
    conn: db.Conn, organisation: OrganisationId, worker: WorkerId, tmp_path: Path
) -> None:
    enrol(conn, worker)
    record(conn, [claim(organisation, worker, enrol(conn, worker), "punch-1")], core_instance="a", now=NOON)
    seal_days(conn, organisation, now=NOON + timedelta(days=1))
    with (tmp_path / "registre.zip").open("wb") as file:
        export_ledger(
            conn, ByUser(UserId(1)), file, since=date(2026, 11, 23), until=date(2026, 11, 24), now=NOON
        )
    with zipfile.ZipFile(tmp_path / "registre.zip") as archive:
        archive.extractall(tmp_path / "auditor")
    path = tmp_path / "auditor" / "phones.json"
    one, other = json.loads(path.read_text()).items()
    path.write_bytes(verify_ledger.canonical({one[0]: other[1], other[0]: one[1]}) + b"\n")
    assert verify_ledger.main([str(tmp_path / "auditor")]) == 1


@pytest.mark.parametrize("text", [b"", b"a", b"pointage" * 40])
def test_the_checkers_own_arithmetic_agrees_with_a_library_of_cryptography(text: bytes) -> None:
    secret = ec.generate_private_key(ec.SECP256R1())
    key = verify_ledger.read_key(
        secret.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    )
    r, s = decode_dss_signature(secret.sign(text, ec.ECDSA(SHA256())))
    signature = r.to_bytes(32) + s.to_bytes(32)
    assert verify_ledger.is_signed(key, text, signature)
    assert not verify_ledger.is_signed(key, text + b".", signature)
    for at in (0, 31, 32, 63):
        changed = bytearray(signature)
        changed[at] ^= 1
        assert not verify_ledger.is_signed(key, text, bytes(changed))
    assert not verify_ledger.is_signed(key, text, bytes(64))
    assert not verify_ledger.is_signed(key, text, signature[:-1])


def test_a_point_that_is_not_on_the_curve_is_no_key() -> None:
    head, (x, y) = verify_ledger.KEY_START, verify_ledger.G
    assert verify_ledger.read_key(head + x.to_bytes(32) + y.to_bytes(32)) == (x, y)
    for point in ((x, y + 1), (0, 0), (verify_ledger.P, 0)):
        with pytest.raises(ValueError, match="another kind"):
            verify_ledger.read_key(head + point[0].to_bytes(32) + point[1].to_bytes(32))
