"""Files that a form sends: which view takes one, and how large. Every other form stays small.

What is in a file is never believed, and its name never kept.
"""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from flask import request

if TYPE_CHECKING:
    from backoffice_web.app import BackOffice

LARGEST_SENT = 12 * 1024 * 1024
"""Bytes of a form with its file, as the front lets through: a rule of the domain refuses sooner, in words."""
_TAKES_FILE = "takes_file"


def takes_file[View: Callable[..., Any]](view: View) -> View:
    """Let this view's form carry a file."""
    view.__dict__[_TAKES_FILE] = True
    return view


def sent_file(field: str) -> bytes:
    """Return the content of the file that was chosen, empty when none was."""
    file = request.files.get(field)
    return b"" if file is None else file.read()


def install(app: "BackOffice") -> None:
    """Widen the limit of a request before anything reads it."""

    @app.url_value_preprocessor
    def widen(endpoint: str | None, _values: Mapping[str, Any] | None) -> None:
        if _TAKES_FILE in app.view_functions.get(endpoint or "", widen).__dict__:
            request.max_content_length = LARGEST_SENT
