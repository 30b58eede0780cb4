"""A card's form that somebody else saved while it was open: what changed is told, what was typed given back.

The form carries the card's revision, by which the operation knows, and the values that it showed, by which
the reader is told: a field left as it was read takes what stands now, one that was changed keeps what was
typed.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import Any, Self

from backoffice_web.forms import Form, HiddenField, SelectField
from backoffice_web.i18n import _
from backoffice_web.layout.formats import numeric_day

LONGEST_REVISION = 9


@dataclass(frozen=True, slots=True)
class Change:
    """A field that somebody else changed. `is_typed_over`: what was typed differs, and stays in the form."""

    label: str
    stands: str
    is_typed_over: bool


class CardForm(Form):
    """A form that changes a card which stands."""

    revision = HiddenField()
    seen = HiddenField()
    is_stale = False
    changes: tuple[Change, ...] = ()

    def show_card(self, standing: Mapping[str, object], revision: int) -> Self:
        """Fill in what stands, unless something was sent. `standing` has the fields by their names."""
        if not self.is_submitted():
            for name, value in standing.items():
                self[name].data = value
            self._carry(standing, revision)
        return self

    @property
    def revision_read(self) -> int:
        """The card's revision when the form was served; 0, which no card has, for what makes no sense."""
        text = self.text("revision")
        return int(text) if text.isascii() and text.isdigit() and len(text) <= LONGEST_REVISION else 0

    def resume(self, standing: Mapping[str, object], revision: int) -> None:
        """Go on from what stands now, after a `StaleError`: saving again is then on purpose."""
        read, changes = self._values_read(), []
        for name, value in standing.items():
            field, stands = self[name], _as_text(value)
            typed = _as_text(field.data)
            if stands in {typed, read.get(name)}:
                continue
            is_typed_over = typed != read.get(name)
            if not is_typed_over:
                field.data, field.raw_data = value, None
            changes.append(Change(str(field.label.text), _in_words(field, value), is_typed_over))
        self.is_stale, self.changes = True, tuple(changes)
        self._carry(standing, revision)

    def _carry(self, standing: Mapping[str, object], revision: int) -> None:
        self.revision.data = str(revision)
        self.seen.data = json.dumps(
            {name: _as_text(value) for name, value in standing.items()}, ensure_ascii=False
        )

    def _values_read(self) -> dict[str, object]:
        try:
            read = json.loads(self.text("seen"))
        except (ValueError, RecursionError):
            return {}
        return read if isinstance(read, dict) else {}


def _as_text(value: object) -> str:
    """Return the value as forms send it, to compare what was read, what stands and what was typed."""
    match value:
        case None | False:
            return ""
        case True:
            return "y"
        case Enum():
            return str(value.value)
        case date():
            return value.isoformat()
        case _:
            return str(value)


def _in_words(field: Any, value: object) -> str:
    """Return what stands as a reader says it."""
    if isinstance(value, bool):
        return _("oui") if value else _("non")
    if isinstance(value, date):
        return numeric_day(value)
    if isinstance(field, SelectField):
        labels = {choice.value: str(choice.label) for choice in field.choices}
        return labels.get(_as_text(value), "") or _("autre")
    return _as_text(value) or _("vide")
