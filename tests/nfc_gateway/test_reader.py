"""The reader on nfcpy's UDP device, with cards that share no code with it."""

import threading
import time
from collections.abc import Iterator

import pytest

from nfc_gateway.reader import Card, Reader, ReaderLostError, first_uri
from simulators.nfc_card import field
from simulators.nfc_card.type2 import Type2Card
from simulators.nfc_card.type4 import Type4Card
from tests.nfc_gateway.running import free_udp_port

URI = "https://ponctuel.example/t/kQ7-x_2"


@pytest.fixture
def port() -> int:
    return free_udp_port()


@pytest.fixture
def reader(port: int) -> Iterator[Reader]:
    with Reader(f"udp:127.0.0.1:{port}") as opened:
        yield opened


def read(reader: Reader, port: int, card: field.Card) -> Card | None:
    """Lay the card, wait until it is read and has gone."""
    laid = threading.Thread(target=field.lay, args=(card, port), kwargs={"patience": 20, "hold": 1.0})
    laid.start()
    deadline = time.monotonic() + 20
    found = None
    while found is None and time.monotonic() < deadline:
        found = reader.wait_card(stopped=lambda: time.monotonic() > deadline)
    reader.signal()
    reader.wait_removal(stopped=lambda: time.monotonic() > deadline, pause=time.sleep)
    laid.join()
    return found


@pytest.mark.parametrize(
    ("card", "expected"),
    [
        (Type2Card(bytes.fromhex("04A1B2C3D4E5F6"), URI), Card("04A1B2C3D4E5F6", URI)),
        (Type2Card(bytes.fromhex("05A1B2C3D4E5F6"), URI), Card("05A1B2C3D4E5F6", URI)),
        (Type2Card(bytes.fromhex("04A1B2C3D4E5F6")), Card("04A1B2C3D4E5F6")),
        (Type4Card(bytes.fromhex("04A1B2C3D4E5F6"), URI), Card("04A1B2C3D4E5F6", URI)),
        (Type4Card(bytes.fromhex("08B2C3D4"), URI + "x" * 100), Card("08B2C3D4", URI + "x" * 100)),
        (Type4Card(bytes.fromhex("A1B2C3D4")), Card("A1B2C3D4")),
    ],
    ids=["NTAG", "type 2 of another maker", "badge", "type 4", "type 4, long URI", "card without NDEF"],
)
def test_a_card_is_read_with_its_uid_and_its_uri(
    reader: Reader, port: int, card: field.Card, expected: Card
) -> None:
    assert read(reader, port, card) == expected


def test_cards_that_follow_each_other_are_each_read(reader: Reader, port: int) -> None:
    uids = ["04A1B2C3D4E5F6", "04A1B2C3D4E5F7", "04A1B2C3D4E5F6"]
    cards = [read(reader, port, Type2Card(bytes.fromhex(uid))) for uid in uids]
    assert [card.uid for card in cards if card is not None] == uids


def test_a_reader_that_is_told_to_stop_returns_without_a_card(reader: Reader) -> None:
    assert reader.wait_card(stopped=lambda: True) is None


def test_a_missing_reader_is_said_to_be_lost() -> None:
    with pytest.raises(ReaderLostError, match="no reader"):
        Reader("tty:NONE:pn532")


def test_a_uid_is_said_in_parts_of_four_bytes_with_their_check_byte() -> None:
    assert field.uid_parts(bytes.fromhex("A1B2C3D4")) == [bytes.fromhex("A1B2C3D404")]
    assert field.uid_parts(bytes.fromhex("04A1B2C3D4E5F6")) == [
        bytes.fromhex("8804A1B29F"),
        bytes.fromhex("C3D4E5F604"),
    ]
    with pytest.raises(ValueError, match="bytes"):
        field.uid_parts(b"12345")


def test_a_message_with_a_type_that_is_no_text_is_a_card_without_an_address() -> None:
    assert first_uri(b"\xd1\x01\x18\x80U\x04ponctuel.example/t/abcd") is None
