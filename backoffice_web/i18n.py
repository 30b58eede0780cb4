"""The interface's language: French message ids, set in French typography, dates and numbers by Babel.

Authors type plain quotes and blanks; `typeset` puts the apostrophes and the non-breaking spaces. A view whose
reader has another language says so with `speak`. The one door to Flask-Babel, which has no types.
"""

import re
from typing import TYPE_CHECKING, Any, cast

import flask_babel  # type: ignore[import-untyped]
from flask import g, has_request_context

from backoffice_web.languages import FRENCH, Tongue, catalogue_of

if TYPE_CHECKING:
    from backoffice_web.app import BackOffice

NBSP = "\u00a0"
FINE = "\u202f"
_RULES: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"(?<=\w)'(?=\w)"), "’"),
    (re.compile(r" (?=[;?!])"), FINE),
    (re.compile(r" (?=(:|»|€|%)(?![(\w]))"), NBSP),
    (re.compile(r"(?<=«) "), NBSP),
    (re.compile(r"(?<=\d) (?=(?:h|min|s|km|m|minutes?|secondes?|interventions?|pointages?)\b)"), NBSP),
    (re.compile(r"(?<=\)[sd]) (?=(?:h|min|s|km|m|minutes?|secondes?|pointages?)\b)"), NBSP),
    (re.compile(r"(?<=\bh) (?=[\d%])"), NBSP),
    (re.compile(r"(?<=\bn°) "), NBSP),
)


def typeset(text: str) -> str:
    """Return the French text with its apostrophes and non-breaking spaces."""
    for pattern, replacement in _RULES:
        text = pattern.sub(replacement, text)
    return text


def speak(tongue: Tongue) -> None:
    """Answer this request in the reader's language. Without it, in French."""
    g.tongue = tongue


def spoken() -> Tongue:
    """Return the language of this request's answer."""
    return cast("Tongue", g.get("tongue", FRENCH)) if has_request_context() else FRENCH


def translate(text: str) -> str:
    """Return the message in the reader's language, in French typography where it is French."""
    return _set(catalogue_of(spoken()).gettext(text))


def translate_number(one: str, several: str, number: int) -> str:
    """Return the message in the form that its language gives this number."""
    return _set(catalogue_of(spoken()).ngettext(one, several, number))


def _set(message: str) -> str:
    return typeset(message) if spoken().is_french else message


def _(text: str, **values: Any) -> str:
    """Return the message in the reader's language, with its values."""
    message = translate(text)
    return message % values if values else message


def _n(one: str, several: str, number: int, **values: Any) -> str:
    """Return the message that agrees with the number, which is also the value `num`."""
    return translate_number(one, several, number) % {"num": number, **values}


def lazy(text: str) -> Any:
    """Return a message to be put in the reader's language when it is shown (labels of forms, tables)."""
    return flask_babel.LazyString(_, text)


def install(app: "BackOffice") -> None:
    """Speak French, in Paris time."""
    app.config.update(BABEL_DEFAULT_LOCALE="fr", BABEL_DEFAULT_TIMEZONE="Europe/Paris")
    flask_babel.Babel(app)
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]
        gettext=translate, ngettext=translate_number, newstyle=True
    )
    app.jinja_env.globals["spoken"] = spoken
    app.jinja_env.filters["typeset"] = typeset
