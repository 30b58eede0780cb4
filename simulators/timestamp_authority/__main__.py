"""Serve an authority until Ctrl-C.

python -m simulators.timestamp_authority var/authority --port 3161
"""

import contextlib
import sys
import threading
from pathlib import Path

from docker.commands import Arguments
from simulators.timestamp_authority.authority import Authority
from simulators.timestamp_authority.site import serving


def main() -> int:
    """Make the papers, say where they are, serve."""
    parser = Arguments(prog="python -m simulators.timestamp_authority", description=__doc__)
    parser.add_argument("folder", type=Path, help="where its certificates are made")
    parser.add_argument("--port", type=int, default=0, help="any free one when not given")
    asked = parser.parse_args()
    asked.folder.mkdir(parents=True, exist_ok=True)
    authority = Authority(asked.folder)
    with serving(authority.answer, port=asked.port) as address:
        print(f"PONCTUEL_TIMESTAMP_URL={address}\nCertificat : {authority.certificate}", flush=True)
        with contextlib.suppress(KeyboardInterrupt):
            threading.Event().wait()
    return 0


if __name__ == "__main__":
    sys.exit(main())
