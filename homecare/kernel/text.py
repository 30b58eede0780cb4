"""What people type, in its one form: composed letters, single blanks, nothing that cannot be seen.

The domain's operations keep text only through here; forms use the same functions to say what is wrong where
it was typed. Nothing here knows what a text is for.
"""

import re
import unicodedata

from homecare.kernel.errors import InvalidError

_POSTAL_CODE = re.compile(r"[0-9]{5}", re.ASCII)
# Signs without a shape of their own that words of some scripts need (U+200C and U+200D join or part letters).
_NEEDED = "\N{ZERO WIDTH NON-JOINER}\N{ZERO WIDTH JOINER}"
_LINE_END = re.compile("\r\n|[\r\n\v\f\x85\u2028\u2029]")
_UNSEEN = "Un caractère invisible s’est glissé dans ce texte\N{NO-BREAK SPACE}: effacez-le et retapez."
_WRONG_POSTAL_CODE = "Un code postal a cinq chiffres."


def clean_line(typed: str) -> str:
    """Return one line as it is kept: blanks of all kinds become single spaces, none around.

    Raises `InvalidError` for control characters, line ends included. Marks that only steer the layout (soft
    hyphens, directions, byte order), which come along when one pastes, are dropped.
    """
    composed = _compose(typed)
    if any(unicodedata.category(sign) in ("Cc", "Cs", "Zl", "Zp") for sign in composed):
        raise InvalidError(_UNSEEN)
    return " ".join(composed.split())


def clean_notes(typed: str) -> str:
    """Return several lines as they are kept: each as `clean_line` has it, tabs being blanks."""
    lines = _LINE_END.split(_compose(typed))
    return "\n".join(clean_line(line.replace("\t", " ")) for line in lines).strip("\n")


def require_line(typed: str, *, missing: str) -> str:
    """Return the line. Raises `InvalidError(missing)` when it has neither letter nor digit."""
    line = clean_line(typed)
    if not any(sign.isalnum() for sign in line):
        raise InvalidError(missing)
    return line


def is_postal_code(text: str) -> bool:
    """Tell whether it is five ASCII digits."""
    return _POSTAL_CODE.fullmatch(text) is not None


def clean_postal_code(typed: str) -> str:
    """Return the postal code, empty when none is known. Raises `InvalidError` unless it is five digits."""
    code = clean_line(typed)
    if code and not is_postal_code(code):
        raise InvalidError(_WRONG_POSTAL_CODE)
    return code


def plain(text: str) -> str:
    """Return the text in small letters, without accents or punctuation: what two spellings share."""
    bare = unicodedata.normalize("NFKD", text.casefold().replace("œ", "oe"))
    letters = "".join(c for c in bare if not unicodedata.combining(c))
    return re.sub(r"[^a-z0-9]+", " ", letters).strip()


def _compose(typed: str) -> str:
    return unicodedata.normalize(
        "NFC",
        "".join(sign for sign in typed if unicodedata.category(sign) != "Cf" or sign in _NEEDED),
    )
