"""A core whose punches have no unique key: `python -m tests.faults.planted.keyless`."""

from collections.abc import Iterable
from typing import Any

from homecare.kernel import db
from homecare.kernel.ids import PunchId
from homecare.punches import keeping
from realtime.main import main


def take_all_for_new(conn: db.Conn, written: Iterable[Any]) -> list[Any]:
    """Number every claim without asking whether it came before."""
    return [
        keeping._Key(  # noqa: SLF001 - the bug is planted inside
            one.claim.channel.value,
            one.claim.source_ref,
            PunchId(db.value(conn, int, "SELECT nextval('punch_ids')") or 0),
            one.claim.punched_at,
            one.digest,
        )
        for one in written
    ]


if __name__ == "__main__":
    keeping._insert_keys = take_all_for_new  # noqa: SLF001
    main()
