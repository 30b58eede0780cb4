"""Vérifie un registre de pointages, sans le logiciel qui l'a produit : bibliothèque standard de Python seule.

    python3 verify_ledger.py [registre.zip | dossier]

Code de sortie : 0 registre intact, 1 registre altéré (les anomalies sont affichées), 2 rien de lisible.
Les calculs sont décrits dans LISEZ-MOI.txt, que contient la même archive.
"""

from __future__ import annotations

import base64
import hashlib
import json
import sys
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

MOST_SHOWN = 20
GENESIS = "00" * 32
SEQUENCE, SET, OCTETS, INTEGER, OID, TIME, EXPLICIT_0 = 0x30, 0x31, 0x04, 0x02, 0x06, 0x18, 0xA0
LONG = 0x80
SIGNED_DATA = bytes.fromhex("2a864886f70d010702")
TST_INFO = bytes.fromhex("2a864886f70d0109100104")
SHA256 = bytes.fromhex("608648016503040201")

# The curve P-256 (FIPS 186-5; SP 800-186, 3.2.1.3), on which telephones sign.
P = 2**256 - 2**224 + 2**192 + 2**96 - 1
N = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
B = 0x5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B
G = (
    0x6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296,
    0x4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5,
)
KEY_START = bytes.fromhex("3059301306072a8648ce3d020106082a8648ce3d03010703420004")
INFINITY = (0, 0)  # which is no point of the curve
KEY_BYTES, HALF = 91, 32


class Findings:
    """The anomalies found, of which the first ones are shown."""

    def __init__(self) -> None:
        self.count = 0

    def note(self, text: str) -> None:
        """Show an anomaly and count it."""
        self.count += 1
        if self.count <= MOST_SHOWN:
            print("ANOMALIE :", text)


def canonical(value: Any) -> bytes:
    """Return the one way in which a JSON value is written before it is hashed."""
    return json.dumps(value, sort_keys=True, separators=(",", ":")).encode()


def sha256(*parts: bytes) -> bytes:
    """Return the SHA-256 of the parts, one after the other."""
    return hashlib.sha256(b"".join(parts)).digest()


def tree_hash(leaves: list[bytes]) -> bytes:
    """Return the Merkle tree hash of the leaves (RFC 6962, 2.1), level by level."""
    if not leaves:
        return sha256(b"")
    level = leaves
    while len(level) > 1:
        paired = [sha256(b"\x01", level[at], level[at + 1]) for at in range(0, len(level) - 1, 2)]
        level = paired + level[len(paired) * 2 :]
    return level[0]


def read(line: bytes, where: str, findings: Findings) -> Any:
    """Return the JSON value of a line, which must be written in the one way."""
    value = json.loads(line)
    if canonical(value) + b"\n" != line:
        findings.note(f"{where} : une ligne n'est pas écrite comme elle l'a été à l'origine")
    return value


def check_punch(punch: Any, heads: dict[str, list[Any]], findings: Findings) -> None:
    """Check one punch against its own digest and against the link before it."""
    name = f"pointage {punch['number']} du poste {punch['core']}"
    digest = sha256(canonical(punch["claim"]))
    if digest.hex() != punch["digest"]:
        findings.note(f"{name} : la déclaration ne correspond pas à son empreinte")
    number, previous = heads.get(punch["core"], [0, GENESIS])
    if punch["number"] != number + 1:
        findings.note(f"{name} : le rang {number + 1} était attendu (pointage retiré ou ajouté)")
    link = sha256(bytes.fromhex(previous), punch["number"].to_bytes(8, "big"), digest)
    if link.hex() != punch["hash"]:
        findings.note(f"{name} : l'empreinte ne suit pas celle du pointage précédent")
    heads[punch["core"]] = [punch["number"], punch["hash"]]


def add(a: tuple[int, int], b: tuple[int, int]) -> tuple[int, int]:
    """Return the sum of two points of the curve."""
    if INFINITY in (a, b):
        return b if a == INFINITY else a
    if a[0] == b[0]:
        if (a[1] + b[1]) % P == 0:
            return INFINITY
        slope = 3 * (a[0] * a[0] - 1) * pow(2 * a[1], -1, P)
    else:
        slope = (b[1] - a[1]) * pow(b[0] - a[0], -1, P)
    x = (slope * slope - a[0] - b[0]) % P
    return x, (slope * (a[0] - x) - a[1]) % P


def read_key(der: bytes) -> tuple[int, int]:
    """Return the point of a public key of P-256 (SubjectPublicKeyInfo, uncompressed). Raises ValueError."""
    x, y = int.from_bytes(der[-2 * HALF : -HALF], "big"), int.from_bytes(der[-HALF:], "big")
    on_curve = x < P and y < P and (y * y - (x * x - 3) * x - B) % P == 0
    if len(der) != KEY_BYTES or not der.startswith(KEY_START) or not on_curve:
        raise ValueError("another kind of key")
    return x, y


def is_signed(key: tuple[int, int], text: bytes, signature: bytes) -> bool:
    """Tell whether r ‖ s is the signature of the text (ECDSA with SHA-256, FIPS 186-5, 6.4.2)."""
    r, s = int.from_bytes(signature[:HALF], "big"), int.from_bytes(signature[HALF:], "big")
    if len(signature) != 2 * HALF or not (0 < r < N and 0 < s < N):
        return False
    inverse = pow(s, -1, N)
    of_base, of_key = int.from_bytes(sha256(text), "big") * inverse % N, r * inverse % N
    table, point = (INFINITY, G, key, add(G, key)), INFINITY
    for bit in range(255, -1, -1):
        point = add(add(point, point), table[(of_base >> bit & 1) | (of_key >> bit & 1) << 1])
    return point != INFINITY and point[0] % N == r


class Signatures:
    """What the telephones' own signatures say of the punches that carry one."""

    def __init__(self, keys: dict[str, str]) -> None:
        """Take the public keys, in base64, by the telephone's name. Raises ValueError."""
        self.right, self.unknown, self.elsewhen, self.wrong = 0, 0, 0, list[str]()
        self._keys = {}
        for phone, text in keys.items():
            key = base64.b64decode(text, validate=True)
            if sha256(key).hex() != phone:
                raise ValueError("the key of another telephone")
            self._keys[phone] = read_key(key)

    def look(self, punch: Any) -> None:
        """Judge the signature of one punch, if it has one."""
        claim = punch["claim"]
        signed = claim["details"].get("signed")
        if signed is None:
            return
        said = json.loads(signed["text"])
        key = self._keys.get(said["phone"])
        if key is None:
            self.unknown += 1
            return
        signature = base64.urlsafe_b64decode(signed["signature"] + "==")
        is_own = claim["source_ref"].endswith("/" + said["key"])
        if not is_own or not is_signed(key, signed["text"].encode(), signature):
            self.wrong.append(f"{punch['number']} du poste {punch['core']}")
            return
        self.right += 1
        self.elsewhen += read_instant(said["at"]) != read_instant(claim["punched_at"])

    def explain(self) -> None:
        """Say what was found."""
        total = self.right + self.unknown + len(self.wrong)
        print(f"Signatures des téléphones : {total} pointages signés, {self.right} signatures exactes.")
        if self.unknown:
            print(f"    {self.unknown} d'un téléphone que l'agence ne connaissait pas : rien n'est prouvé.")
        if self.elsewhen:
            print(f"    {self.elsewhen} rangés à une autre heure que celle que le téléphone a signée (normal")
            print("    dans une démonstration, où la journée ne passe pas à la vitesse de la vraie).")
        if self.wrong:
            print(f"    {len(self.wrong)} FAUSSES, que le logiciel a dû refuser : pointages", end=" ")
            print(", ".join(self.wrong[:MOST_SHOWN]) + ("…" if len(self.wrong) > MOST_SHOWN else "."))


def read_instant(text: str) -> datetime:
    """Return an instant of a text that names its offset."""
    return datetime.fromisoformat(text[:-1] + "+00:00" if text.endswith("Z") else text)


def leaves_by_day(
    lines: Iterable[bytes], heads: dict[str, list[Any]], signatures: Signatures, findings: Findings
) -> Iterator[tuple[str, list[bytes]]]:
    """Yield each day with the leaves of its punches, in the order of the file."""
    day: str | None = None
    leaves: list[bytes] = []
    for line in lines:
        punch = read(line, "punches.jsonl", findings)
        check_punch(punch, heads, findings)
        signatures.look(punch)
        if punch["day"] != day and day is not None:
            yield day, leaves
            leaves = []
        day = punch["day"]
        leaves.append(sha256(b"\x00", line[:-1]))
    if day is not None:
        yield day, leaves


def verify(
    start: Any, seals: Iterable[bytes], punches: Iterable[bytes], signatures: Signatures, findings: Findings
) -> tuple[int, str]:
    """Verify the whole ledger; return the number of punches and the last seal."""
    days = leaves_by_day(punches, start["heads"], signatures, findings)
    none: tuple[str | None, list[bytes]] = (None, [])
    day, leaves = next(days, none)
    previous, total, last = bytes.fromhex(start["seal"]), 0, ""
    for line in seals:
        sealed = read(line, "seals.jsonl", findings)
        named = sealed["day"]
        if sys.stderr.isatty():
            print(f"{named}…", end="\r", file=sys.stderr)
        here = leaves if day == named else []
        if here:
            day, leaves = next(days, none)
        total += len(here)
        if len(here) != sealed["lines"]:
            findings.note(f"{named} : {sealed['lines']} pointages scellés, {len(here)} présents")
        root = tree_hash(here)
        if root.hex() != sealed["root"]:
            findings.note(f"{named} : les pointages ne correspondent pas à la racine du jour")
        previous = sha256(previous, named.encode(), len(here).to_bytes(8, "big"), root)
        if previous.hex() != sealed["seal"]:
            findings.note(f"{named} : le sceau ne correspond pas")
        last = f"{previous.hex()} du {named}"
    for extra, lines in [(day, leaves), *days]:
        if extra is not None:
            findings.note(f"{extra} : {len(lines)} pointages hors des jours scellés")
    return total, last


def take(tag: int, der: bytes) -> tuple[bytes, bytes]:
    """Return the content of the first element of DER, which must have the tag, and what follows it."""
    if der[:1] != bytes([tag]):
        raise ValueError("another element")
    length, content = int.from_bytes(der[1:2], "big"), der[2:]
    if length & LONG:
        size = length - LONG
        length, content = int.from_bytes(content[:size], "big"), content[size:]
    if length > len(content):
        raise ValueError("too short")
    return content[:length], content[length:]


def read_token(token: bytes) -> tuple[bytes, datetime]:
    """Return the SHA-256 digest for which an RFC 3161 token vouches, and the instant. Raises ValueError."""
    kind, rest = take(OID, take(SEQUENCE, token)[0])
    _, rest = take(INTEGER, take(SEQUENCE, take(EXPLICIT_0, rest)[0])[0])
    _, rest = take(SET, rest)  # the digest algorithms
    inner, rest = take(OID, take(SEQUENCE, rest)[0])
    if (kind, inner) != (SIGNED_DATA, TST_INFO):
        raise ValueError("another kind")
    _, rest = take(INTEGER, take(SEQUENCE, take(OCTETS, take(EXPLICIT_0, rest)[0])[0])[0])
    _, rest = take(OID, rest)  # the authority's policy
    imprint, rest = take(SEQUENCE, rest)
    algorithm, imprint = take(SEQUENCE, imprint)
    if take(OID, algorithm)[0] != SHA256:
        raise ValueError("another digest")
    _, rest = take(INTEGER, rest)
    text = take(TIME, rest)[0].decode("ascii").rstrip("Z").partition(".")[0]
    at = datetime.strptime(text, "%Y%m%d%H%M%S").replace(tzinfo=timezone.utc)  # noqa: UP017 - Python 3.9
    return take(OCTETS, imprint)[0], at


def check_stamps(folder: Any, seals: Iterable[bytes], findings: Findings) -> list[tuple[str, str, datetime]]:
    """Check of each authority's token that it is about the seal of its day; return days, seals, instants."""
    sealed = {one["day"]: one["seal"] for one in map(json.loads, seals)}
    stamped = []
    for file in sorted(folder.iterdir(), key=lambda file: file.name) if folder.is_dir() else []:
        day = file.name.partition(".")[0]
        try:
            digest, at = read_token(file.read_bytes())
        except ValueError:
            findings.note(f"{file.name} : ce jeton d'horodatage est illisible")
            continue
        if sealed.get(day) != digest.hex():
            findings.note(f"{file.name} : ce jeton d'horodatage n'est pas celui du sceau de ce jour")
        stamped.append((day, digest.hex(), at))
    return stamped


def explain(stamped: list[tuple[str, str, datetime]]) -> None:
    """Say what the tokens show, and what was not checked of them."""
    day, seal, at = stamped[-1]
    print(f"Horodatage : {len(stamped)} jetons. Sceau du {day} : horodaté le {at:%Y-%m-%d à %H:%M:%S} UTC.")
    print("Ces jetons portent bien sur ces sceaux. Leur SIGNATURE N'A PAS ÉTÉ VÉRIFIÉE : faites-le avec le")
    print("certificat de l'autorité (autorite.pem), que vous vous procurez auprès d'elle :")
    print(f"    openssl ts -verify -token_in -in stamps/{day}.tst -digest {seal} -CAfile autorite.pem")


def main(arguments: list[str]) -> int:
    """Verify what the arguments name; print the outcome; return the exit status."""
    where = Path(arguments[0]) if arguments else Path()
    findings, signatures, total, last = Findings(), Signatures({}), 0, ""
    stamped: list[tuple[str, str, datetime]] = []
    try:
        with ExitStack() as opened:
            root = where if where.is_dir() else zipfile.Path(opened.enter_context(zipfile.ZipFile(where)))
            start = read((root / "start.json").read_bytes(), "start.json", findings)
            signatures = Signatures(read((root / "phones.json").read_bytes(), "phones.json", findings))
            seals = opened.enter_context((root / "seals.jsonl").open("rb"))
            punches = opened.enter_context((root / "punches.jsonl").open("rb"))
            total, last = verify(start, seals, punches, signatures, findings)
            again = opened.enter_context((root / "seals.jsonl").open("rb"))
            stamped = check_stamps(root / "stamps", again, findings)
    except (OSError, zipfile.BadZipFile, zlib.error) as error:
        print("Registre illisible :", error)
        return 2
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError) as error:
        findings.note(f"une ligne n'a pas la forme d'origine ({type(error).__name__})")
    except RuntimeError as error:  # an archive that is encrypted, or packed in a way of its own
        print("Registre illisible :", error)
        return 2
    if findings.count > 0:
        print(f"REGISTRE ALTÉRÉ : {findings.count} anomalies.")
        return 1
    if not last:
        print("Rien à vérifier : ce registre ne contient aucun jour scellé.")
        return 2
    print(f"Registre intact : {total} pointages. Dernier sceau : {last}")
    print("Comparez ce sceau avec celui que l'agence vous a transmis à l'époque.")
    signatures.explain()
    if stamped:
        explain(stamped)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
