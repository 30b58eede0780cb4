"""What a telephone number says of itself: whether ringing it costs more than a plain call."""

import re

_PLAIN = re.compile(r"\+33[1-79][0-9]{8}|\+(262|508|590|594|596)[0-9]{9}")
"""Geographic, mobile and box numbers of France and its overseas departments: none is surcharged."""


def is_plain(number: str) -> bool:
    """Tell whether a call to this number (E.164) costs no more than a plain one."""
    return _PLAIN.fullmatch(number) is not None
