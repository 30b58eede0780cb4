"""The note message of phones, version 1: what a worker says beside a punch. Strict, as the check-in's is.

    {"v": 1, "kind": "explanation" | "dispute", "at": "2026-11-24T08:00:03+01:00",
     "punch": punch's id | "key of the punch that this phone made", "reason": …, "comment": "…"}
    {…, "kind": "outing", "visit": visit's id, "what": "walk" | "shopping"}
    {…, "kind": "outing_end", "visit": …}
    {…, "kind": "expense", "visit": …, "amount": "12.50", "text": "…"}
    {…, "kind": "mileage", "visit": …, "km": "3.5", "text": "…"}
    {…, "kind": "comment", "visit": …, "text": "…"}

Amounts are euros, written as text: no floating number. `at` is the phone's own real time of the gesture. An
unknown field is refused, a position above all. Pure.
"""

import hashlib
import json
import re
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum

from homecare.kernel.errors import InvalidError
from homecare.kernel.ids import PunchId, VisitId
from homecare.kernel.messages import read_object
from homecare.kernel.text import clean_notes
from homecare.punches.disputes import DisputeReason
from homecare.punches.notes import (
    LONGEST_COMMENT,
    Comment,
    Dispute,
    Expense,
    Explanation,
    Mileage,
    Note,
    OfPunch,
    OutingEnded,
    OutingStarted,
    Said,
)
from homecare.punches.place_exceptions import OutsideReason
from homecare.visits.outings import OutingKind

LONGEST = 8192
# A phone without network keeps its notes for days; its clock is right within minutes.
OLDEST = timedelta(days=30)
AHEAD = timedelta(minutes=5)
_KEY = re.compile(r"[A-Za-z0-9_-]{8,64}")
_FIGURE = re.compile(r"[0-9]{1,5}(\.[0-9]{1,2})?")
_COMMON = frozenset({"v", "kind", "at"})


def read_note(
    key: str | None, body: bytes, *, received_at: datetime, shown_at: Callable[[datetime], datetime]
) -> Note:
    """Read a note. Raises `InvalidError` with a sentence for the worker.

    `received_at` is real time; `shown_at` gives the agency's time of a real instant.
    """
    if key is None or not _KEY.fullmatch(key):
        raise InvalidError("Cette saisie n’a pas de numéro de suivi valable.")
    try:
        message = read_object(body, longest=LONGEST)
    except ValueError:
        raise InvalidError("Cette saisie est illisible ou trop longue.") from None
    if message.get("v") != 1:
        raise InvalidError("Cette saisie vient d’une version inconnue de l’application.")
    kind = message.get("kind")
    if not isinstance(kind, str) or kind not in _KINDS:
        raise InvalidError("Cette saisie est d’une sorte inconnue.")
    fields, read = _KINDS[kind]
    if unknown := sorted(set(message) - _COMMON - fields):
        raise InvalidError(f"Cette saisie contient une donnée refusée : {unknown[0][:40]!r}.")
    return Note(
        key=key,
        digest=hashlib.sha256(json.dumps(message, sort_keys=True).encode()).digest(),
        at=shown_at(_read_time(message.get("at"), received_at)),
        kind=kind,
        said=read(message),
    )


def _read_time(text: object, received_at: datetime) -> datetime:
    try:
        at = datetime.fromisoformat(str(text))
    except ValueError:
        raise InvalidError("L’heure de cette saisie est illisible.") from None
    if at.tzinfo is None:
        raise InvalidError("L’heure de cette saisie n’a pas de fuseau.")
    if at > received_at + AHEAD:
        raise InvalidError("L’heure de cette saisie est dans le futur : vérifiez l’heure du téléphone.")
    if at < received_at - OLDEST:
        raise InvalidError("Cette saisie est trop ancienne : appelez votre agence.")
    return at


def _read_punch(value: object) -> OfPunch:
    if isinstance(value, int) and not isinstance(value, bool) and 0 < value < 2**63:
        return OfPunch(id=PunchId(value))
    if isinstance(value, str) and _KEY.fullmatch(value):
        return OfPunch(key=value)
    raise InvalidError("Cette saisie ne nomme pas de pointage.")


def _read_choice[Choice: StrEnum](choices: type[Choice], value: object) -> Choice:
    try:
        return choices(str(value))
    except ValueError:
        raise InvalidError("Cette saisie contient un motif inconnu.") from None


def _read_comment(value: object) -> str:
    if value is None:
        return ""
    if not isinstance(value, str) or len(value) > LONGEST_COMMENT:
        raise InvalidError(f"Un commentaire a {LONGEST_COMMENT} lettres au plus.")
    return clean_notes(value)


def _read_visit(message: Mapping[str, object]) -> VisitId:
    value = message.get("visit")
    if isinstance(value, int) and not isinstance(value, bool) and 0 < value < 2**63:
        return VisitId(value)
    raise InvalidError("Cette saisie ne nomme pas d’intervention.")


def _read_figure(value: object) -> Decimal:
    if isinstance(value, str) and _FIGURE.fullmatch(value):
        return Decimal(value)
    raise InvalidError("Cette saisie contient un nombre illisible.")


def _outing(message: Mapping[str, object]) -> Said:
    return OutingStarted(_read_visit(message), _read_choice(OutingKind, message.get("what")))


def _outing_end(message: Mapping[str, object]) -> Said:
    return OutingEnded(_read_visit(message))


def _expense(message: Mapping[str, object]) -> Said:
    return Expense(
        _read_visit(message), _read_figure(message.get("amount")), _read_comment(message.get("text"))
    )


def _mileage(message: Mapping[str, object]) -> Said:
    return Mileage(_read_visit(message), _read_figure(message.get("km")), _read_comment(message.get("text")))


def _comment(message: Mapping[str, object]) -> Said:
    return Comment(_read_visit(message), _read_comment(message.get("text")))


def _explanation(message: Mapping[str, object]) -> Said:
    return Explanation(
        _read_punch(message.get("punch")),
        _read_choice(OutsideReason, message.get("reason")),
        _read_comment(message.get("comment")),
    )


def _dispute(message: Mapping[str, object]) -> Said:
    return Dispute(
        _read_punch(message.get("punch")),
        _read_choice(DisputeReason, message.get("reason")),
        _read_comment(message.get("comment")),
    )


_KINDS: dict[str, tuple[frozenset[str], Callable[[Mapping[str, object]], Said]]] = {
    "explanation": (frozenset({"punch", "reason", "comment"}), _explanation),
    "dispute": (frozenset({"punch", "reason", "comment"}), _dispute),
    "outing": (frozenset({"visit", "what"}), _outing),
    "outing_end": (frozenset({"visit"}), _outing_end),
    "expense": (frozenset({"visit", "amount", "text"}), _expense),
    "mileage": (frozenset({"visit", "km", "text"}), _mileage),
    "comment": (frozenset({"visit", "text"}), _comment),
}
