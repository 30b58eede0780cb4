"""The messages that a worker reads on a screen, as the code has them: what every catalogue must translate."""

from collections.abc import Iterator
from pathlib import Path

from babel.messages.extract import extract_from_file

from backoffice_web.layout import vocabulary

_ROOT = Path(__file__).parents[3] / "backoffice_web"

type _Keywords = dict[str, tuple[int, ...] | None]

_KEYWORDS: _Keywords = {
    "_": None,
    "lazy": None,
    "translate": None,
    "ngettext": (1, 2),
    "_plurals": (1, 2),
    "gettext": None,
    "_n": (1, 2),
}
_REFUSALS: _Keywords = dict.fromkeys(
    (
        "InvalidError",
        "ForbiddenError",
        "NotFoundError",
        "NotYetError",
        "ReusedKeyError",
        "RevokedPhoneError",
        "WrongCredentialsError",
    )
)
"""The domain says why in French; the page translates the sentence."""
_REFUSING = (
    "backoffice_web/portals/worker",
    "homecare/punches/notes.py",
    "homecare/punches/receipts.py",
    "homecare/visits/during.py",
    "homecare/visits/reports.py",
    "homecare/workers/phones.py",
)
_SAYING = (
    "portals/worker",
    "errors.py",
    "layout/templates/layout/error.html",
    "session/forms.py",
    "session/views.py",
    "session/templates",
)
_OTHER_ROOMS = frozenset(
    {
        "À reprendre",
        "Montrer le mot de passe",
        "Adresse ou mot de passe incorrect.",
        "Ce pointage n’attend pas de motif.",
    }
)
"""What these pages take from the house's macros, and from rooms that refuse others too."""
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
    said: set[Message] = set(_OTHER_ROOMS)
    for path in _files(_ROOT, _SAYING):
        said.update(_extracted(path, _KEYWORDS))
    for path in _files(_ROOT.parent, _REFUSING):
        said.update(_extracted(path, _REFUSALS))
    # Outside a request they are in French, in its typography.
    said.update(str(word).replace("’", "'") for words in _SHARED for word in words.values())
    return said


def _files(root: Path, names: tuple[str, ...]) -> Iterator[Path]:
    for name in names:
        yield from [root / name] if (root / name).is_file() else sorted((root / name).rglob("*.*"))


def _extracted(path: Path, keywords: _Keywords) -> Iterator[Message]:
    method = {".py": "python", ".html": "jinja2.ext:babel_extract"}.get(path.suffix)
    if method is not None:
        for _line, message, _comments, _context in extract_from_file(method, path, keywords=keywords):
            yield message if isinstance(message, str) else (message[0], message[1])
