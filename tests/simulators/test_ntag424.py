"""The simulated NTAG 424 answers as NXP's application note AN12196 has it, byte for byte."""

from simulators.nfc_card.aes import sun_message
from simulators.nfc_card.ntag424 import Ntag424, make_sun_card

UID = bytes.fromhex("04DE5F1EACC040")
ZEROS = bytes(16)


def asked(card: Ntag424, apdu: str) -> str:
    return card.apdu(bytes.fromhex(apdu)).hex().upper()


def drawing(*drawn: str) -> Ntag424:
    """Return a card from the factory that draws these."""
    return Ntag424(UID, draws=[bytes.fromhex(one) for one in drawn])


def read_file(card: Ntag424) -> bytes:
    """Read the NDEF file as a telephone does."""
    asked(card, "00A4040007D276000085010100")
    asked(card, "00A4000C02E104")
    length = int(asked(card, "00B0000002")[:4], 16)
    return card.apdu(bytes([0, 0xB0, 0, 2, length]))[:-2]


def test_it_says_nxps_example_of_a_message() -> None:
    card = make_sun_card(UID, "https://ntag.nxp.com/424", meta_key=ZEROS, file_key=ZEROS, counter=60)
    said = read_file(card)
    # The note's own encrypted part holds a random filling; uid, counter and MAC are the example's.
    assert said[3:].startswith(b"U\x04ntag.nxp.com/424?e=")
    assert said.endswith(b"&c=94EED9EE65337086")
    salt = bytes.fromhex("DA5CF60941")
    assert sun_message(UID, 61, meta_key=ZEROS, file_key=ZEROS, salt=salt) == (
        "e=EF963FF7828658A599F3041510671E88&c=94EED9EE65337086"
    )


def test_it_authenticates_and_changes_the_files_settings_as_in_nxps_example() -> None:
    """AN12196, AuthenticateEV2First with key 0, then ChangeFileSettings as the session's second command."""
    card = drawing("B9E2FC789B64BF237CCCAA20EC7E6E48", "9D00C4DF")
    assert asked(card, "9071000002000000") == "A04C124213C186F22399D33AC2A3021591AF"
    assert (
        asked(card, "90AF00002035C3E05A752E0144BAC0DE51C1F22C56B34408A23D8AEA266CAB947EA8E0118D00")
        == "3FA64DB5446D1F34CD6EA311167F5E4985B89690C04A05F17FA7AB2F081206639100"
    )
    session = card.session
    assert session is not None
    session.commands = 1  # the note writes the file in between
    answer = asked(card, "905F0000190261B6D97903566E84C3AE5274467E89EAD799B7C1A0EF7A0400")
    assert answer == "57BFF87B1241E93D9100"
    mirrors = card.settings.mirrors
    assert mirrors is not None
    assert (mirrors.meta_key, mirrors.file_key, mirrors.picc_at, mirrors.mac_at) == (2, 1, 0x20, 0x43)
    assert not card.settings.write_is_free


def test_it_tells_a_wrong_key_and_a_command_that_was_changed_on_the_way() -> None:
    card = drawing("B9E2FC789B64BF237CCCAA20EC7E6E48", "9D00C4DF")
    card.keys[0] = bytes.fromhex("01") * 16
    asked(card, "9071000002000000")
    assert asked(card, "90AF000020" + "35" * 32 + "00") == "91AE"
    card = drawing("B9E2FC789B64BF237CCCAA20EC7E6E48", "9D00C4DF")
    asked(card, "9071000002000000")
    asked(card, "90AF00002035C3E05A752E0144BAC0DE51C1F22C56B34408A23D8AEA266CAB947EA8E0118D00")
    assert asked(card, "905F0000190261B6D97903566E84C3AE5274467E89EAD799B7C1A0EF7A0500") == "911E"
    assert card.settings.mirrors is None


def test_its_counter_goes_up_once_for_each_reading_however_the_reading_is_cut() -> None:
    card = make_sun_card(UID, "https://p.example/t/a", meta_key=ZEROS, file_key=ZEROS, clear=True)
    for reading in (1, 2, 3):
        assert f"&ctr={reading:06X}&".encode() in read_file(card)
    asked(card, "00A4000C02E104")
    assert asked(card, "00B0002010") == asked(card, "00B0002010")
    assert card.counter == 4


def test_a_personalised_card_is_written_by_nobody_else() -> None:
    card = make_sun_card(UID, "https://p.example/t/a", meta_key=ZEROS, file_key=ZEROS)
    asked(card, "00A4000C02E104")
    assert asked(card, "00D60000020000") == "6982"
    assert b"p.example" in read_file(card)
