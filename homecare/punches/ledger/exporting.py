"""Writing a part of the ledger as one archive that anybody can check without us."""

import base64
import zipfile
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import IO

from homecare.kernel import audit, db
from homecare.punches.ledger.sealing import Seal, list_seals, read_lines
from homecare.punches.ledger.stamping import list_stamps
from homecare.punches.ledger.tree import FIRST_SEAL, write_line

_CHECKER = Path(__file__).with_name("verify_ledger.py")
_EXPLANATION = Path(__file__).with_name("LISEZ-MOI.txt")


def export_ledger(
    conn: db.Conn, actor: audit.Actor, file: IO[bytes], *, since: date, until: date, now: datetime
) -> list[Seal]:
    """Write to `file` the sealed days of [since, until) as a ZIP archive; return their seals.

    `punches.jsonl` holds the lines, `seals.jsonl` the days, `start.json` what stands before the first of
    them, `phones.json` the public keys with which telephones signed, `stamps/` the tokens of an authority;
    beside these an explanation in French and the checker.
    """
    seals = list_seals(conn, since=since, until=until)
    before = seals and list_seals(conn, since=seals[0].day - timedelta(days=1), until=seals[0].day)
    start, heads = (before[0].seal, before[0].heads) if before else (FIRST_SEAL, {})
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("start.json", write_line({"seal": start.hex(), "heads": heads}) + b"\n")
        archive.writestr("phones.json", write_line(_phone_keys(conn)) + b"\n")
        with archive.open("seals.jsonl", "w") as out:
            out.writelines(write_line(_seal_record(one)) + b"\n" for one in seals)
        with archive.open("punches.jsonl", "w", force_zip64=True) as out:
            for one in seals:
                out.writelines(line + b"\n" for line in read_lines(conn, one.day, heads, one.heads))
                heads = one.heads
        for day, stamp in list_stamps(conn, since=since, until=until).items():
            archive.writestr(f"stamps/{day.isoformat()}.tst", stamp.token)
        archive.write(_EXPLANATION, _EXPLANATION.name)
        archive.write(_CHECKER, _CHECKER.name)
    period = {"since": since.isoformat(), "until": until.isoformat()}
    audit.record(conn, actor, "punches.export_ledger", None, now=now, after=period)
    return seals


def _phone_keys(conn: db.Conn) -> dict[str, str]:
    """Every telephone's public key by its name, which is the key's own digest: neither can be exchanged."""
    rows = conn.execute("SELECT id, public_key FROM worker_phones ORDER BY id").fetchall()
    return {phone: base64.b64encode(key).decode() for phone, key in rows}


def _seal_record(one: Seal) -> dict[str, object]:
    return {
        "day": one.day.isoformat(),
        "lines": one.lines,
        "root": one.root.hex(),
        "seal": one.seal.hex(),
    }
