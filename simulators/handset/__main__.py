"""Command line of the handset."""

import argparse
import json
import re
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from docker.commands import Arguments, host_and_port, in_words
from simulators.handset.call import place_call
from simulators.handset.dialogue import tell
from simulators.handset.sipp import NoSippError

PATIENCE = 15.0
"""Seconds after the last key at which a caller hangs up who was told all there is to hear."""
_KEYS = re.compile(r"([0-9]+(?:\.[0-9]+)?):([0-9*#]+)")


def main(arguments: Sequence[str]) -> int:
    """Place one call and print what was heard and keyed. Exit status 1 when nobody answered."""
    parser = Arguments(prog="python -m simulators.handset", description=__doc__)
    parser.add_argument("called", help="the number to call")
    parser.add_argument(
        "--switch",
        required=True,
        type=host_and_port,
        metavar="HOST:PORT",
        help="where Asterisk listens (SIP)",
    )
    parser.add_argument("--caller", help="the caller's number; without it the number is hidden")
    parser.add_argument(
        "--keys", action="append", default=[], metavar="SECONDS:KEYS", type=_keys,
        help="keys to press, and seconds to wait before them; may be given several times",
    )  # fmt: skip
    parser.add_argument(
        "--hang-up-after", type=float, metavar="SECONDS", default=PATIENCE,
        help="hang up so long after the last key, if nobody did before (15)",
    )  # fmt: skip
    parser.add_argument("--json", action="store_true", help="print figures for a program")
    parser.add_argument("--tones", choices=("info", "rfc2833"), default="info", help="how keys travel")
    parser.add_argument("--save-to", type=Path, metavar="FILE.wav", help="keep what was heard")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="handset-") as folder:
        recording = options.save_to or Path(folder) / "heard.wav"
        try:
            report = place_call(
                options.called,
                options.caller,
                options.keys,
                options.hang_up_after,
                switch=options.switch,
                tones=options.tones,
                save_to=recording,
            )
        except NoSippError as missing:
            print(f"Pas de quoi appeler : {missing}.", file=sys.stderr)
            return 1
        except OSError as trouble:
            print(in_words(trouble), file=sys.stderr)
            return 1
        print(json.dumps(report, indent=1) if options.json else tell(report, options.keys, recording))
    return 0 if report["answered"] else 1


def _keys(text: str) -> tuple[float, str]:
    said = _KEYS.fullmatch(text)
    if said is None:
        raise argparse.ArgumentTypeError(f"« {text} » ne se lit pas ; par exemple 1.5:123456")
    return float(said[1]), said[2]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
