"""Personalising a chip: NXP's examples byte for byte, then the simulated card, which computes by itself."""

import secrets

import pytest

from nfc_gateway.ev2 import ChipError, Session, authenticate, checksum
from nfc_gateway.personalising import ChipKeys, blank_address, file_settings, personalise
from simulators.nfc_card.aes import sun_message
from simulators.nfc_card.ndef import uri_message
from simulators.nfc_card.ntag424 import Ntag424

UID = bytes.fromhex("04DE5F1EACC040")
KEYS = ChipKeys(*(bytes([number]) * 16 for number in (0xA0, 0xB1, 0xC2)))
ADDRESS = blank_address("https://ponctuel.example/t/kQ7-x_2")


class Script:
    """A chip that expects these commands and gives these answers, in hexadecimal."""

    def __init__(self, *exchanges: tuple[str, str]) -> None:
        self.exchanges = list(exchanges)

    def __call__(self, apdu: bytes) -> bytes:
        expected, answer = self.exchanges.pop(0)
        assert apdu.hex().upper() == expected
        return bytes.fromhex(answer)


def test_a_session_is_opened_and_settings_changed_as_in_nxps_example() -> None:
    """AN12196: AuthenticateEV2First with key 0, ChangeFileSettings as the session's second command."""
    chip = Script(
        ("9071000002000000", "A04C124213C186F22399D33AC2A3021591AF"),
        (
            "90AF00002035C3E05A752E0144BAC0DE51C1F22C56B34408A23D8AEA266CAB947EA8E0118D00",
            "3FA64DB5446D1F34CD6EA311167F5E4985B89690C04A05F17FA7AB2F081206639100",
        ),
        ("905F0000190261B6D97903566E84C3AE5274467E89EAD799B7C1A0EF7A0400", "57BFF87B1241E93D9100"),
    )
    random = bytes.fromhex("13C5DB8A5930439FC3DEF9A4C675360F")
    session = authenticate(chip, 0, bytes(16), random=random)
    assert session.encryption.hex().upper() == "1309C877509E5A215007FF0ED19CA564"
    assert session.authentication.hex().upper() == "4C6626F5E72EA694202139295C7A7FC7"
    session.commands = 1
    session.change_file_settings(2, bytes.fromhex("4000E0C1F121200000430000430000"))
    assert session.commands == 2


def test_keys_are_changed_as_in_nxps_examples() -> None:
    """AN12196: ChangeKey of key 2, then of the session's own key 0."""
    chip = Script(
        (
            "90C4000029022CF362B7BF4311FF3BE1DAA295E8C68DE09050560D19B9E16C2393AE9CD1FAC75D0CE20BCD1D06E600",
            "203BB55D1089D5879100",
        ),
        (
            "90C400002900C0EB4DEEFEDDF0B513A03A95A75491818580503190D4D05053FF75668A01D6FDA6610234BDED643200",
            "9100",
        ),
    )
    session = Session(
        chip,
        number=0,
        encryption=bytes.fromhex("4CF3CB41A22583A61E89B158D252FC53"),
        authentication=bytes.fromhex("5529860B2FC5FB6154B7F28361D30BF9"),
        transaction=bytes.fromhex("7614281A"),
        commands=2,
    )
    new = bytes.fromhex("F3847D627727ED3BC9C4CC050489B966")
    assert checksum(new).hex().upper() == "789DFADC"
    session.change_key(2, new=new, old=bytes(16))
    session.change_key(0, new=bytes.fromhex("5004BF991F408672B1EF00F08F9E8647"), old=bytes(16))
    assert chip.exchanges == []


def blank_card() -> Ntag424:
    """Return a chip from the factory with our address written on it."""
    card = Ntag424(UID)
    message = uri_message(ADDRESS)
    card.content[: 2 + len(message)] = len(message).to_bytes(2) + message
    return card


def read(card: Ntag424) -> str:
    card.apdu(bytes.fromhex("00A4040007D276000085010100"))
    card.apdu(bytes.fromhex("00A4000C02E104"))
    length = card.apdu(bytes.fromhex("00B0000002"))[1]
    return card.apdu(bytes([0, 0xB0, 0, 7, length - 5]))[:-2].decode()


def prepare(card: Ntag424) -> None:
    personalise(card.apdu, KEYS, address=ADDRESS, random=secrets.token_bytes(16))


def test_a_personalised_chip_proves_itself_at_each_reading_and_opens_to_nobody_else() -> None:
    card = blank_card()
    prepare(card)
    for counter in (1, 2):
        said = read(card)
        assert said.startswith("ponctuel.example/t/kQ7-x_2?e=")
        assert said.endswith(sun_message(UID, counter, meta_key=KEYS.meta, file_key=KEYS.file)[-18:])
    assert card.keys[:3] == [KEYS.master, KEYS.meta, KEYS.file]
    with pytest.raises(ChipError):
        authenticate(card.apdu, 0, bytes(16), random=bytes(16))


@pytest.mark.parametrize("commands", range(1, 8))
def test_a_chip_that_was_taken_away_in_the_middle_is_finished_with_the_same_keys(commands: int) -> None:
    card, left = blank_card(), [commands]

    def send(apdu: bytes) -> bytes:
        if not left[0]:
            raise ConnectionError("taken away")
        left[0] -= 1
        return card.apdu(apdu)

    try:
        personalise(send, KEYS, address=ADDRESS, random=secrets.token_bytes(16))
    except ConnectionError:
        prepare(card)
    assert card.keys[:3] == [KEYS.master, KEYS.meta, KEYS.file]
    assert read(card).endswith(sun_message(UID, 1, meta_key=KEYS.meta, file_key=KEYS.file)[-18:])


def test_a_chip_of_somebody_elses_is_refused_and_stays_as_it_is() -> None:
    card = blank_card()
    card.keys = [bytes([9]) * 16] * 5
    before = list(card.keys)
    with pytest.raises(ChipError):
        prepare(card)
    assert (card.keys, card.settings.mirrors) == (before, None)


def test_the_settings_point_at_the_room_left_in_the_address() -> None:
    settings = file_settings(ADDRESS)
    assert settings[:6].hex().upper() == "4000E0C1FF12"
    picc, mac_input, mac = (int.from_bytes(settings[at : at + 3], "little") for at in (6, 9, 12))
    content = (0).to_bytes(2) + uri_message(ADDRESS)
    assert content[picc - 2 : picc] == b"e="
    assert content[picc : picc + 32] == b"0" * 32
    assert content[mac - 2 : mac] == b"c="
    assert (mac_input, len(content)) == (mac, mac + 16)
