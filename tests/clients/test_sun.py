"""Messages of NTAG 424 tags: NXP's own are read, those of a card simulated apart too, and no other."""

from hypothesis import given
from hypothesis import strategies as st

from homecare.clients.sun import TagKeys, Tap, is_message, read_tap, session_key
from simulators.nfc_card.aes import sun_message

ZEROS = TagKeys(bytes(16), bytes(16), bytes(16))
keys_of_any_tag = st.builds(TagKeys, *[st.binary(min_size=16, max_size=16)] * 3)
uids = st.binary(min_size=7, max_size=7)
counters = st.integers(0, 0xFFFFFF)


def test_nxps_own_example_is_read() -> None:
    """AN12196, the example of a SUN message with encrypted uid and counter (keys of zeros)."""
    tap = Tap(bytes.fromhex("04DE5F1EACC040"), 61)
    assert read_tap("e=EF963FF7828658A599F3041510671E88&c=94EED9EE65337086", ZEROS) == tap
    assert session_key(tap, ZEROS.file).hex().upper() == "3FB5F6E3A807A03D5E3570ACE393776F"


def test_the_session_key_is_that_of_nxps_example_with_file_data() -> None:
    """AN12196, the example with encrypted file data: same key of the MAC, uid 04958CAA5C5E80, counter 8."""
    tap = Tap(bytes.fromhex("04958CAA5C5E80"), 8)
    assert session_key(tap, ZEROS.file).hex().upper() == "3ED0920E5E6A0320D823D5987FEAFBB1"


def test_a_message_in_clear_is_read() -> None:
    """A published message of a tag that mirrors uid and counter in clear (keys of zeros)."""
    message = "uid=041E3C8A2D6B80&ctr=000006&c=4B00064004B0B3D3"
    assert read_tap(message, ZEROS) == Tap(bytes.fromhex("041E3C8A2D6B80"), 6)


@given(keys=keys_of_any_tag, uid=uids, counter=counters, salt=st.binary(min_size=5, max_size=5))
def test_what_a_card_writes_is_read_under_its_keys(
    keys: TagKeys, uid: bytes, counter: int, salt: bytes
) -> None:
    encrypted = sun_message(uid, counter, meta_key=keys.meta, file_key=keys.file, salt=salt)
    clear = sun_message(uid, counter, meta_key=None, file_key=keys.file)
    assert read_tap(encrypted, keys) == read_tap(clear, keys) == Tap(uid, counter)


@given(keys=keys_of_any_tag, others=keys_of_any_tag, uid=uids, counter=counters, clear=st.booleans())
def test_under_another_tags_keys_a_message_proves_nothing(
    keys: TagKeys, others: TagKeys, uid: bytes, counter: int, *, clear: bool
) -> None:
    message = sun_message(uid, counter, meta_key=None if clear else keys.meta, file_key=keys.file)
    if others.file != keys.file:
        assert read_tap(message, others) is None


@given(
    uid=uids, counter=counters, clear=st.booleans(), place=st.integers(0, 57), figure=st.sampled_from("0F7A")
)
def test_a_message_with_one_figure_changed_proves_nothing(
    uid: bytes, counter: int, *, clear: bool, place: int, figure: str
) -> None:
    message = sun_message(uid, counter, meta_key=None if clear else ZEROS.meta, file_key=ZEROS.file)
    place = place % len(message)
    changed = message[:place] + figure + message[place + 1 :]
    if changed != message:
        # The salt beside uid and counter is random anyway: encrypted, any change garbles the whole block.
        assert read_tap(changed, ZEROS) is None


@given(uid=uids, counter=counters, clear=st.booleans(), data=st.data())
def test_a_message_cut_short_or_with_something_around_it_is_none(
    uid: bytes, counter: int, *, clear: bool, data: st.DataObject
) -> None:
    message = sun_message(uid, counter, meta_key=None if clear else ZEROS.meta, file_key=ZEROS.file)
    cut = data.draw(st.integers(0, len(message) - 1))
    around = data.draw(st.text(min_size=1, max_size=5))
    for other in (message[:cut], message[cut + 1 :], message + around, around + message, message.lower()):
        assert not is_message(other)
        assert read_tap(other, ZEROS) is None


@given(st.text(max_size=80) | st.from_regex(r"[a-z]{1,3}=[0-9A-F]{6,32}&c=[0-9A-F]{16}", fullmatch=True))
def test_no_text_makes_the_reading_fail(text: str) -> None:
    read_tap(text, ZEROS)
