"""Show a device's codes in a terminal.

python -m simulators.code_device 'otpauth://totp/…' --seconds-fast 40
"""

import sys
import time
from datetime import UTC, datetime

from docker.commands import Arguments
from simulators.code_device.device import Device


def main() -> int:
    """Show each code as it changes, until Ctrl-C."""
    parser = Arguments(prog="python -m simulators.code_device", description=__doc__)
    parser.add_argument("address", help="what the QR code of the home's card says")
    parser.add_argument("--seconds-fast", type=float, default=0.0, help="how far its clock is ahead")
    parser.add_argument("--once", action="store_true", help="show one code and end")
    asked = parser.parse_args()
    try:
        device = Device.provision(asked.address, seconds_fast=asked.seconds_fast)
    except (ValueError, KeyError):
        print("Cette adresse n’est pas celle d’un boîtier à code.", file=sys.stderr)
        return 1
    shown = ""
    while True:
        code = device.show(datetime.now(UTC))
        if code != shown:
            print(f"{code[:4]} {code[4:]}", flush=True)
            shown = code
        if asked.once:
            return 0
        time.sleep(0.2)


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(0)
