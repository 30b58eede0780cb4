"""Settings of a 424's NDEF file that make it write into what it says: where, and under which keys.

NT4H2421Gx §10.7.1, ChangeFileSettings; only what mirrors uid and counter, and a MAC over nothing but them.
"""

from dataclasses import dataclass

MIRRORING = 0x40
UID_AND_COUNTER_IN_ASCII = 0xC1
FREE = 0xE


@dataclass(frozen=True, slots=True)
class Mirrors:
    """Offsets in the file, and numbers of keys. `meta_key` is None when uid and counter stand in clear."""

    meta_key: int | None
    file_key: int
    picc_at: int | None
    uid_at: int | None
    counter_at: int | None
    mac_at: int


@dataclass(frozen=True, slots=True)
class FileSettings:
    """Whether anybody may write the file, and what the card mirrors into it."""

    write_is_free: bool = True
    mirrors: Mirrors | None = None


def read_settings(data: bytes) -> FileSettings:
    """Read the data of ChangeFileSettings. Raises ValueError or IndexError for what this card cannot do."""
    option, access = data[0], int.from_bytes(data[1:3], "little")
    write_is_free = FREE in (access >> 8 & 0xF, access >> 4 & 0xF)
    if not option & MIRRORING:
        return FileSettings(write_is_free)
    if data[3] != UID_AND_COUNTER_IN_ASCII:
        raise ValueError("mirrors something else than uid and counter")
    rights, offsets = int.from_bytes(data[4:6], "little"), _offsets(data[6:])
    meta, file = rights >> 12, rights >> 8 & 0xF
    if meta == FREE:
        uid, counter, _input, mac = offsets
        return FileSettings(write_is_free, Mirrors(None, file, None, uid, counter, mac))
    picc, _input, mac = offsets
    return FileSettings(write_is_free, Mirrors(meta, file, picc, None, None, mac))


def _offsets(data: bytes) -> list[int]:
    if len(data) % 3:
        raise ValueError("offsets of three bytes")
    return [int.from_bytes(data[at : at + 3], "little") for at in range(0, len(data), 3)]
