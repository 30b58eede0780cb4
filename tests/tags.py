"""A tag that proves itself, enrolled at a home, and what it says at each tap, as the simulated card does."""

from dataclasses import dataclass
from datetime import datetime

from homecare.clients.sun import TagKeys
from homecare.clients.tag_keys import draw_keys
from homecare.clients.tags import enrol_sun_tag
from homecare.kernel import db
from homecare.kernel.ids import HomeId, new_token
from homecare.kernel.sealing import Sealer
from simulators.nfc_card.aes import sun_message

SEALER = Sealer("a master key for tests only")
ENROLLED_AT_COUNTER = 3


@dataclass(frozen=True, slots=True)
class MadeTag:
    token: str
    uid: bytes
    keys: TagKeys

    def message(self, counter: int, *, clear: bool = False) -> str:
        """Return what the tag says at its tap number `counter`."""
        meta = None if clear else self.keys.meta
        return sun_message(self.uid, counter, meta_key=meta, file_key=self.keys.file)


def make_sun_tag(
    conn: db.Conn, home: HomeId, *, now: datetime, number: int = 1, sealer: Sealer = SEALER
) -> MadeTag:
    """Enrol a tag at the home; the taps before its `ENROLLED_AT_COUNTER` are void."""
    tag = MadeTag(new_token(), bytes.fromhex("04") + number.to_bytes(6), draw_keys())
    enrol_sun_tag(
        conn,
        home,
        tag.token,
        keys=tag.keys,
        uid=tag.uid,
        message=tag.message(ENROLLED_AT_COUNTER),
        sealer=sealer,
        now=now,
    )
    return tag
