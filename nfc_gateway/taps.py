"""From a card to a punch: pure, but for remembering the last card. It never looks anything up."""

import re
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from mqtt_bridge.wire import SUN, Punch
from nfc_gateway.reader import Card

FLICKER = timedelta(seconds=3)
"""A card that comes and goes at the edge of the field within this time is one tap."""

_TAG_PATH = re.compile(r"/t/([A-Za-z0-9_-]{1,128})")


class Taps:
    """Tells taps from flicker."""

    def __init__(self) -> None:
        """Remember nothing yet."""
        self._last: tuple[tuple[str, str | None], datetime] | None = None

    def punch_of(self, card: Card, *, ref: str, at: datetime) -> Punch | None:
        """Return the punch of a card that was read at this instant, None when it is no tap of ours."""
        token = tag_token(card.uri)
        same = card.uid, card.uri if token is None else token  # the message of a tag changes at each reading
        flickers = self._last is not None and self._last[0] == same and at - self._last[1] < FLICKER
        self._last = same, at
        if flickers:
            return None
        if token is not None:
            return Punch(ref, at, tag=token, sun=sun_message(card.uri))
        return None if is_random(card.uid) else Punch(ref, at, badge=card.uid)


def tag_token(uri: str | None) -> str | None:
    """Return the token of a home's tag: its URL ends in `/t/<token>`, on any host. None for anything else."""
    if uri is None:
        return None
    try:
        path = urlsplit(uri).path
    except ValueError:
        return None
    found = _TAG_PATH.fullmatch(path)
    return found[1] if found else None


def sun_message(uri: str | None) -> str | None:
    """Return the query of a tag's URL, which the core checks; None when there is none that could travel."""
    query = "" if uri is None else urlsplit(uri).query
    return query if SUN.fullmatch(query) else None


def is_random(uid: str) -> bool:
    """Tell whether this uid is drawn anew at each tap (ISO/IEC 14443-3: 4 bytes, the first one 08h).

    Telephones, payment cards and passports do that: such a card names nobody.
    """
    return len(uid) == 8 and uid.startswith("08")  # noqa: PLR2004 - 4 bytes
