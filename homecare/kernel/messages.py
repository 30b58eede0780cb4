"""Reading small JSON messages from outside, strictly: one object, each field once. Pure."""

import json

_HALF = rb"\ud"


def read_object(body: bytes, *, longest: int) -> dict[str, object]:
    """Return the message's fields.

    Raises ValueError for anything but one JSON object of at most `longest` bytes, whose texts are text: half
    of a pair of UTF-16, which JSON can escape, is no letter and cannot be written anywhere.
    """
    if len(body) > longest:
        raise ValueError("too long")
    try:
        message = json.loads(body, object_pairs_hook=_unique)
    except RecursionError:
        raise ValueError("too deep") from None
    if _HALF in body.lower():
        json.dumps(message, ensure_ascii=False).encode()  # UnicodeEncodeError is a ValueError
    if not isinstance(message, dict):
        raise ValueError("not an object")  # noqa: TRY004 - one refusal for whatever is not a message
    return message


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    fields = dict(pairs)
    if len(fields) != len(pairs):
        raise ValueError("repeated field")
    return fields
