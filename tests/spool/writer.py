"""A program that puts entries without end and says each one once it is kept: made to be killed."""

import sys
from datetime import UTC, datetime
from pathlib import Path

from spool.spool import Spool


def main() -> None:
    with Spool(Path(sys.argv[1])) as spool:
        start = spool.waiting
        for n in range(start, start + 1_000_000):
            spool.put(str(n), b"punch %d" % n, now=datetime.now(UTC))
            sys.stdout.write(f"{n}\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main()
