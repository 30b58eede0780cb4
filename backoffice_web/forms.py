"""The one door to Flask-WTF and WTForms, which have no types: fields, forms, the forms' signature.

A form says what is typed and in which limits; its `command()` returns the frozen dataclass or the plain
values that an operation takes. It never decides business.
"""

from collections.abc import Callable, Iterable
from typing import Any

from flask import Blueprint, Flask, request
from flask_wtf import CSRFProtect, FlaskForm  # type: ignore[import-untyped]
from flask_wtf.csrf import CSRFError, generate_csrf  # type: ignore[import-untyped]
from wtforms import (  # type: ignore[import-untyped]
    BooleanField,
    DateField,
    DecimalField,
    EmailField,
    HiddenField,
    IntegerField,
    PasswordField,
    RadioField,
    SearchField,
    SelectChoice,
    SelectField,
    SelectMultipleField,
    StringField,
    TelField,
    TextAreaField,
    TimeField,
)
from wtforms.validators import (  # type: ignore[import-untyped]
    DataRequired,
    InputRequired,
    Length,
    NumberRange,
    Optional,
    Regexp,
    ValidationError,
)

from backoffice_web.i18n import lazy
from homecare.kernel.errors import InvalidError
from homecare.kernel.text import clean_line, clean_notes

__all__ = [
    "BooleanField",
    "CSRFError",
    "Checked",
    "DataRequired",
    "DateField",
    "DecimalField",
    "EmailField",
    "Form",
    "HiddenField",
    "InputRequired",
    "IntegerField",
    "Length",
    "NumberRange",
    "Optional",
    "PasswordField",
    "RadioField",
    "Regexp",
    "SearchField",
    "SelectField",
    "SelectMultipleField",
    "StringField",
    "TelField",
    "TextAreaField",
    "TimeField",
    "ValidationError",
    "choices",
    "protect_forms",
    "signature",
    "unsigned",
]


FIRST_YEAR, LAST_YEAR = 2000, 2100
_SENT = object()
_SENDING = frozenset({"POST", "PUT", "PATCH", "DELETE"})
_FAR_AWAY = lazy("Cette date est trop lointaine : vérifiez l'année.")


class Checked:
    """A field's check by a rule of the domain, which returns what is kept or raises `InvalidError`."""

    def __init__(self, rule: Callable[[str], str]) -> None:
        """Check with this rule."""
        self._rule = rule

    def __call__(self, _form: object, field: Any) -> None:
        """Put the value in its one form, or refuse it with the rule's sentence."""
        try:
            field.data = self._rule(field.data or "")
        except InvalidError as error:
            raise ValidationError(str(error)) from error


class Form(FlaskForm):  # type: ignore[misc]
    """A form of ours, signed; messages in French."""

    def __init__(self, formdata: Any = _SENT, **values: Any) -> None:
        """Take what the request sent unless it is given: text alone, neither files nor JSON fill a form."""
        if formdata is _SENT:
            formdata = request.form if request.method in _SENDING else None
        super().__init__(formdata, **values)

    def validate(self, extra_validators: Any = None) -> bool:
        """Check every field; a day that is centuries away is a slip of the keyboard."""
        for field in self:
            _clean(field)
        sensible = bool(super().validate(extra_validators))
        for field in self:
            if isinstance(field, DateField) and field.data and not FIRST_YEAR <= field.data.year <= LAST_YEAR:
                field.errors = [str(_FAR_AWAY)]
                sensible = False
        return sensible

    def is_sent_and_valid(self) -> bool:
        """Tell whether the request sent this form and everything in it can be taken."""
        return bool(self.validate_on_submit())

    def refuse(self, field: str, reason: str) -> None:
        """Show under the field why an operation refused the value."""
        getattr(self, field).errors = [reason]

    def text(self, field: str) -> str:
        """Return what was typed, without the blanks around; empty when nothing was."""
        value: Any = getattr(self, field).data
        return str(value or "").strip()


def _clean(field: Any) -> None:
    """Put what was typed in its one form; refuse what cannot be seen. A password is taken as it is."""
    if not isinstance(field, StringField) or isinstance(field, PasswordField | HiddenField) or not field.data:
        return
    try:
        field.data = (clean_notes if isinstance(field, TextAreaField) else clean_line)(field.data)
    except InvalidError as error:
        field.process_errors = [str(error)]


def choices(pairs: Iterable[tuple[object, object]]) -> list[Any]:
    """Return what may be chosen in a field: each value as it is sent, and its label."""
    return [SelectChoice(str(value), label) for value, label in pairs]


_signatures = CSRFProtect()


def protect_forms(app: Flask) -> None:
    """Refuse every request that writes without the signature of this browser's session."""
    _signatures.init_app(app)


def unsigned[Taker: Blueprint | Callable[..., Any]](taker: Taker) -> Taker:
    """Let a view, or an area that knows no session, take messages without that signature."""
    _signatures.exempt(taker)
    return taker


def signature() -> str:
    """Return the signature that scripts send in `X-CSRFToken`."""
    return str(generate_csrf())
