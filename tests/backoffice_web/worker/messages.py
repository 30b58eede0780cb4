"""The messages that a worker's pages say, as the code has them: what every catalogue must translate."""

from collections.abc import Iterator
from pathlib import Path

from babel.messages.extract import extract_from_file

from backoffice_web.layout import vocabulary

_ROOT = Path(__file__).parents[3] / "backoffice_web"
_ROOM = _ROOT / "portals/worker"
_KEYWORDS: dict[str, tuple[int, ...] | None] = {
    "_": None,
    "lazy": None,
    "translate": None,
    "ngettext": (1, 2),
    "_plurals": (1, 2),
    "gettext": None,
}
_OTHERS_ROOMS = {"enrolment.html", "enrolment.py"}
"""The page of an invitation is read by somebody who is not signed in: it is in French."""
_SHARED = (
    vocabulary.PROOF_WORDS,
    vocabulary.CHANNEL_WORDS,
    vocabulary.EDGE_WORDS,
    vocabulary.PLACE_WORDS,
    vocabulary.OUTSIDE_WORDS,
    vocabulary.OUTING_WORDS,
    vocabulary.DISPUTE_WORDS,
)
"""The words of the whole house that a worker's pages show."""

type Message = str | tuple[str, str]


def messages() -> set[Message]:
    """Return the message ids; those that count are pairs."""
    said = set(_extracted())
    # Outside a request they are in French, in its typography.
    said.update(str(word).replace("’", "'") for words in _SHARED for word in words.values())
    return said


def _extracted() -> Iterator[Message]:
    for path in sorted(_ROOM.rglob("*.py")):
        if path.name not in _OTHERS_ROOMS:
            yield from _read("python", path)
    for path in sorted(_ROOM.rglob("*.html")):
        if path.name not in _OTHERS_ROOMS:
            yield from _read("jinja2.ext:babel_extract", path)


def _read(method: str, path: Path) -> Iterator[Message]:
    for _line, message, _comments, _context in extract_from_file(method, path, keywords=_KEYWORDS):
        yield message if isinstance(message, str) else (message[0], message[1])
