"""Lay a tag or a badge on a reader by hand.

python -m simulators.nfc_card --uid 04A1B2C3D4E5F6 --port 54321
python -m simulators.nfc_card --uid 04A1B2C3D4E5F6 --uri https://…/t/<token> --kind type4
"""

import argparse
import sys
from collections.abc import Callable

from docker.commands import Arguments, port
from simulators.nfc_card.field import Card, lay
from simulators.nfc_card.type2 import Type2Card
from simulators.nfc_card.type4 import Type4Card

_UID_BYTES = (4, 7, 10)
KINDS: dict[str, Callable[[bytes, str | None], Card]] = {"type2": Type2Card, "type4": Type4Card}


def main() -> int:
    """Return 0 when the reader read the card, 1 when it never addressed it."""
    parser = Arguments(prog="python -m simulators.nfc_card", description=__doc__)
    parser.add_argument("--uid", required=True, type=_uid, help="in hexadecimal, 7 bytes for a Type 2 tag")
    parser.add_argument("--uri", help="what is written on the tag; nothing on a badge")
    parser.add_argument("--kind", choices=KINDS, default="type2")
    parser.add_argument("--port", type=port, default=54321, help="of the reader's device udp:127.0.0.1:PORT")
    parser.add_argument("--patience", type=float, default=5.0, help="seconds to wait for the reader")
    asked = parser.parse_args()
    try:
        read = lay(KINDS[asked.kind](asked.uid, asked.uri), asked.port, patience=asked.patience)
    except ValueError as unfit:
        parser.error(f"cette carte n’existe pas ({unfit})")
    except OSError as trouble:
        print(f"Le lecteur du port {asked.port} est déjà occupé ({trouble.strerror}).", file=sys.stderr)
        return 1
    print("La carte a été lue." if read else "Aucun lecteur n’a adressé la carte.")
    return 0 if read else 1


def _uid(text: str) -> bytes:
    try:
        uid = bytes.fromhex(text)
    except ValueError:
        uid = b""
    if len(uid) not in _UID_BYTES:
        raise argparse.ArgumentTypeError(
            f"« {text} » n’est pas un identifiant de 4, 7 ou 10 octets en hexadécimal"
        )
    return uid


if __name__ == "__main__":
    sys.exit(main())
