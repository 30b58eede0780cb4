"""The enrolment station: writes a home's tag on the reader and has it registered.

    python -m nfc_gateway.station CODE

CODE comes from the home's page in the back office, for one tag. The core names the address and, for a tag
that proves itself, the keys; the station writes, reads back, and the core registers what was read. Nothing is
kept here. The gateway must not run on the same reader meanwhile.
"""

import json
import secrets
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass

from nfc_gateway.ev2 import ChipError
from nfc_gateway.personalising import ChipKeys, blank_address, personalise
from nfc_gateway.reader import Card, CardGoneError, Reader, ReaderLostError, ReadOnlyError
from nfc_gateway.settings import GatewaySettings, read_settings
from nfc_gateway.taps import sun_message, tag_token

PATIENCE_SECONDS = 60.0
ANSWER_SECONDS = 20.0


class StationError(Exception):
    """Why no tag was enrolled, in French."""


@dataclass(frozen=True, slots=True, repr=False)
class Order:
    """What the core wants written: the address, and the keys of a tag that is to prove itself."""

    url: str
    keys: ChipKeys | None


def main(arguments: list[str]) -> int:
    """Enrol one tag. Return the exit status."""
    if len(arguments) != 1:
        sys.stderr.write("usage : python -m nfc_gateway.station CODE\n")
        return 2
    try:
        sys.stdout.write(f"{enrol(read_settings(), arguments[0])}\n")
    except StationError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


def enrol(settings: GatewaySettings, code: str) -> str:
    """Write the tag that the code is for and have it registered; return the core's sentence."""
    order = read_order(_post(settings, "commande", {"code": code}))
    sys.stdout.write("Posez l’étiquette sur le lecteur et laissez-la.\n")
    sys.stdout.flush()
    try:
        with Reader(settings.gateway_reader) as reader:
            written = write_tag(reader, order)
    except ReaderLostError as error:
        raise StationError(f"Le lecteur ne répond pas : {error}") from error
    done = {"code": code, "uid": written.uid, "sun": sun_message(written.uri) or ""}
    return str(_post(settings, "fin", done).get("message", ""))


def read_order(answer: Mapping[str, object]) -> Order:
    """Read the core's answer. Raises StationError for what is none."""
    match answer:
        case {"url": str(url), "keys": None}:
            return Order(url, None)
        case {"url": str(url), "keys": {"master": str(master), "meta": str(meta), "file": str(file)}}:
            return Order(url, ChipKeys(*(bytes.fromhex(key) for key in (master, meta, file))))
        case _:
            raise StationError("Le centre a répondu autre chose qu’une commande : version différente ?")


def write_tag(reader: Reader, order: Order) -> Card:
    """Wait for a tag, write it, read it back. Raises StationError, ReaderLostError."""
    until = time.monotonic() + PATIENCE_SECONDS
    card = None
    while card is None:
        if time.monotonic() > until:
            raise StationError("Aucune étiquette n’a été posée sur le lecteur.")
        card = reader.wait_card(stopped=lambda: time.monotonic() > until)
    address = order.url if order.keys is None else blank_address(order.url)
    try:
        if tag_token(card.uri) != tag_token(order.url):  # else it was begun before, and may be closed already
            reader.write(address)
        if order.keys is not None:
            personalise(reader.send, order.keys, address=address, random=secrets.token_bytes(16))
    except ReadOnlyError:
        raise StationError("Cette étiquette ne se laisse pas écrire : prenez-en une neuve.") from None
    except CardGoneError:
        raise StationError("L’étiquette a été retirée trop tôt : recommencez avec la même.") from None
    except ChipError:
        raise StationError("Cette étiquette a déjà des clés d’ailleurs : prenez-en une neuve.") from None
    back = reader.read_again()
    if back is None or tag_token(back.uri) != tag_token(order.url):
        raise StationError("L’étiquette relue ne porte pas la bonne adresse : recommencez.")
    reader.signal()
    return back


def _post(settings: GatewaySettings, what: str, said: Mapping[str, str]) -> Mapping[str, object]:
    request = urllib.request.Request(  # noqa: S310 - the agency's own address
        f"{settings.front_url.rstrip('/')}/pose/{what}",
        data=json.dumps(said).encode(),
        headers={"Content-Type": "application/json"},
    )
    try:
        with urllib.request.urlopen(request, timeout=ANSWER_SECONDS) as answer:  # noqa: S310
            return _object(answer.read())
    except urllib.error.HTTPError as refused:
        with refused:
            told = _object(refused.read()).get("message")
        raise StationError(str(told or f"Le centre a refusé ({refused.code}).")) from None
    except OSError as error:
        raise StationError(f"Le centre ne répond pas : {error}") from error


def _object(body: bytes) -> Mapping[str, object]:
    try:
        told = json.loads(body)
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
