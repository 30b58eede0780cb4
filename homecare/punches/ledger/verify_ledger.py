"""Vérifie un registre de pointages, sans le logiciel qui l'a produit : bibliothèque standard de Python seule.

    python3 verify_ledger.py [registre.zip | dossier]

Code de sortie : 0 registre intact, 1 registre altéré (les anomalies sont affichées), 2 rien de lisible.
Les calculs sont décrits dans LISEZ-MOI.txt, que contient la même archive.
"""

from __future__ import annotations

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


def leaves_by_day(
    lines: Iterable[bytes], heads: dict[str, list[Any]], findings: Findings
) -> Iterator[tuple[str, list[bytes]]]:
    """Yield each day with the leaves of its punches, in the order of the file."""
    day: str | None = None
    leaves: list[bytes] = []
    for line in lines:
        punch = read(line, "punches.jsonl", findings)
        check_punch(punch, heads, findings)
        if punch["day"] != day and day is not None:
            yield day, leaves
            leaves = []
        day = punch["day"]
        leaves.append(sha256(b"\x00", line[:-1]))
    if day is not None:
        yield day, leaves


def verify(
    start: Any, seals: Iterable[bytes], punches: Iterable[bytes], findings: Findings
) -> tuple[int, str]:
    """Verify the whole ledger; return the number of punches and the last seal."""
    days = leaves_by_day(punches, start["heads"], findings)
    none: tuple[str | None, list[bytes]] = (None, [])
    day, leaves = next(days, none)
    previous, total, last = bytes.fromhex(start["seal"]), 0, ""
    for line in seals:
        sealed = read(line, "seals.jsonl", findings)
        named = sealed["day"]
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
    findings, total, last = Findings(), 0, ""
    stamped: list[tuple[str, str, datetime]] = []
    try:
        with ExitStack() as opened:
            root = where if where.is_dir() else zipfile.Path(opened.enter_context(zipfile.ZipFile(where)))
            start = read((root / "start.json").read_bytes(), "start.json", findings)
            seals = opened.enter_context((root / "seals.jsonl").open("rb"))
            punches = opened.enter_context((root / "punches.jsonl").open("rb"))
            total, last = verify(start, seals, punches, findings)
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
    if stamped:
        explain(stamped)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
