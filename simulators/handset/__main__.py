"""Command line of the handset."""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from simulators.handset.call import place_call


def main(arguments: Sequence[str]) -> int:
    """Place one call and print its report as JSON. Exit status 1 when nobody answered."""
    parser = argparse.ArgumentParser(prog="python -m simulators.handset", description=__doc__)
    parser.add_argument("called", help="the number to call")
    parser.add_argument("--switch", required=True, metavar="HOST:PORT", help="where Asterisk listens (SIP)")
    parser.add_argument("--caller", help="the caller's number; without it the number is hidden")
    parser.add_argument(
        "--keys", action="append", default=[], metavar="SECONDS:KEYS", type=_keys,
        help="keys to press, and seconds to wait before them; may be given several times",
    )  # fmt: skip
    parser.add_argument("--hang-up-after", type=float, metavar="SECONDS", help="hang up after the last key")
    parser.add_argument("--tones", choices=("info", "rfc2833"), default="info", help="how keys travel")
    parser.add_argument("--save-to", type=Path, metavar="FILE.wav", help="keep what was heard")
    options = parser.parse_args(arguments)
    host, _, port = options.switch.rpartition(":")
    report = place_call(
        options.called,
        options.caller,
        options.keys,
        options.hang_up_after,
        switch=(host, int(port)),
        tones=options.tones,
        save_to=options.save_to,
    )
    print(json.dumps(report, indent=1))
    return 0 if report["answered"] else 1


def _keys(text: str) -> tuple[float, str]:
    seconds, _, keys = text.partition(":")
    if not keys or set(keys) - set("0123456789*#"):
        raise argparse.ArgumentTypeError("for example 1.5:123456")
    return float(seconds), keys


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
