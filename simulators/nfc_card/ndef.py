"""An NDEF message that holds one URI record (NFC Forum RTD URI 1.0)."""

SHORT = 249  # bytes after the prefix, so that type 2 and type 4 tags hold the message
PREFIXES = {b"https://": 4, b"http://": 3}


def uri_message(uri: str) -> bytes:
    """Return one short record of type U, its usual prefix abbreviated. Raises ValueError when too long."""
    text, code = uri.encode(), 0
    for prefix, abbreviation in PREFIXES.items():
        if code == 0 and text.startswith(prefix):
            text, code = text.removeprefix(prefix), abbreviation
    if len(text) > SHORT:
        raise ValueError("too long for a short record")
    return bytes([0xD1, 1, len(text) + 1, ord("U"), code]) + text
