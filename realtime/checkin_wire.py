"""The check-in message of phones: strict, so that nothing comes in that was not agreed.

Version 1, of a browser that has no key to sign with:

    {"v": 1, "at": "2026-11-24T08:00:03+01:00", "tag" | "qr" | "home" | "site" | "code": …, "sun": with a tag,
     "edge": "arrival" | "departure" | null, "place": "inside" | "outside" | "unknown", "beside": home's id}

Version 2 wraps the same fields, `"v": 2` and those of `homecare.punches.signing` in a text that is signed:

    {"v": 2, "signed": "{…}", "signature": base64url of r ‖ s, "sent": "2026-11-24T09:12:00Z"}

`at` is the phone's own real time of the gesture, `sent` that of the sending. `sun` is the query of a tag's
URL, if the tag proves itself. The phone finds out by itself whether it is at the place; `beside` is the home
with which it compared, when a code or a tag may turn out to name another. An unknown field is refused, a
position above all. Pure.
"""

import re
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TypeGuard

from homecare.kernel.errors import InvalidError
from homecare.kernel.ids import HomeId, SiteId
from homecare.kernel.messages import read_object
from homecare.punches.model import Channel, Edge, Home, PlaceCheck, Qr, Site, Sun, Tag
from homecare.punches.signing import SIGNED_FIELDS, SignedEntry, read_entry
from homecare.punches.site_codes import is_code

LONGEST = 4096
# A phone without network keeps its punches for days; its clock is right within minutes.
OLDEST = timedelta(days=30)
AHEAD = timedelta(minutes=5)
_PLACES = ("tag", "sun", "qr", "home", "site", "code")
_FIELDS = frozenset({"v", "at", "edge", "place", "beside", *_PLACES})
_WRAPPING = frozenset({"v", "signed", "signature", "sent"})
_TOKEN = re.compile(r"[A-Za-z0-9_:-]{1,64}")
_SUN = re.compile(r"[A-Za-z0-9=&]{1,128}")
_KEY = re.compile(r"[A-Za-z0-9_-]{8,64}")

type Place = Tag | Sun | Qr | Home | Site


@dataclass(frozen=True, slots=True)
class CheckIn:
    """What a phone states. `at` is real time; so is `sent`, of a signed one alone.

    `where` as a text is a tablet's code, not yet judged.
    """

    at: datetime
    channel: Channel
    where: Place | str
    edge: Edge | None
    place_check: PlaceCheck
    beside: HomeId | None = None
    signed: SignedEntry | None = None
    sent: datetime | None = None

    @property
    def details(self) -> dict[str, object]:
        """What the claim keeps beside its own fields."""
        beside: dict[str, object] = {} if self.beside is None else {"beside": self.beside}
        return beside if self.signed is None else beside | {"signed": self.signed.record()}


def read_key(text: str | None) -> str:
    """Return the Idempotency-Key. Raises `InvalidError` when it is missing or is none."""
    if text is None or not _KEY.fullmatch(text):
        raise InvalidError("Ce pointage n’a pas de numéro de suivi valable.")
    return text


def read_check_in(body: bytes, *, key: str, received_at: datetime) -> CheckIn:
    """Read a check-in sent under this key. Raises `InvalidError` with a sentence for the worker.

    `received_at` is real time.
    """
    message = _read_object(body)
    match message:
        case {"v": 1}:
            return _read_fields(message, _FIELDS, received_at)
        case {"v": 2, "signed": str(text), "signature": str(signature), "sent": str(sent)}:
            _refuse_unknown(message, _WRAPPING)
            fields = _read_object(text.encode())
            entry = read_entry(text, signature, fields)
            if fields.get("v") != message["v"] or entry.key != key:
                raise InvalidError("Ce pointage signé n’est pas celui qui est annoncé.")
            check_in = _read_fields(fields, _FIELDS | SIGNED_FIELDS, received_at)
            return replace(check_in, signed=entry, sent=_read_instant(sent))
        case _:
            raise InvalidError("Ce pointage vient d’une version inconnue de l’application.")


def _read_object(text: bytes) -> dict[str, object]:
    try:
        return read_object(text, longest=LONGEST)
    except ValueError:
        raise InvalidError("Ce pointage est trop long ou illisible.") from None


def _refuse_unknown(message: dict[str, object], known: frozenset[str]) -> None:
    if unknown := sorted(set(message) - known):
        raise InvalidError(f"Ce pointage contient une donnée refusée : {unknown[0][:40]!r}.")


def _read_fields(message: dict[str, object], known: frozenset[str], received_at: datetime) -> CheckIn:
    _refuse_unknown(message, known)
    where, channel = _read_place(message)
    return CheckIn(
        at=_read_time(message.get("at"), received_at),
        channel=channel,
        where=where,
        edge=_read_choice(Edge, message.get("edge")),
        place_check=_read_choice(PlaceCheck, message.get("place")) or PlaceCheck.UNKNOWN,
        beside=_read_beside(message.get("beside")),
    )


def _read_place(message: dict[str, object]) -> tuple[Place | str, Channel]:
    match [(name, message[name]) for name in _PLACES if message.get(name) is not None]:
        case [("tag", str(token))] if _TOKEN.fullmatch(token):
            return Tag(token), Channel.NFC
        case [("tag", str(token)), ("sun", str(sun))] if _TOKEN.fullmatch(token) and _SUN.fullmatch(sun):
            return Sun(token, sun), Channel.NFC
        case [("qr", str(token))] if _TOKEN.fullmatch(token):
            return Qr(token), Channel.QR
        case [("home", home)] if _is_id(home):
            return Home(HomeId(home)), Channel.APP
        case [("site", site)] if _is_id(site):
            return Site(SiteId(site)), Channel.APP
        case [("code", str(code))] if is_code(code):
            return code, Channel.QR
        case _:
            raise InvalidError("Ce pointage doit nommer un seul lieu : étiquette, code ou domicile.")


def _read_beside(value: object) -> HomeId | None:
    if value is None:
        return None
    if _is_id(value):
        return HomeId(value)
    raise InvalidError("Ce pointage contient une valeur inconnue.")


def _is_id(value: object) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool) and 0 < value < 2**63


def _read_instant(text: object) -> datetime:
    try:
        at = datetime.fromisoformat(str(text))
    except ValueError:
        raise InvalidError("L’heure de ce pointage est illisible.") from None
    if at.tzinfo is None:
        raise InvalidError("L’heure de ce pointage n’a pas de fuseau.")
    return at


def _read_time(text: object, received_at: datetime) -> datetime:
    at = _read_instant(text)
    if at > received_at + AHEAD:
        raise InvalidError("L’heure de ce pointage est dans le futur : vérifiez l’heure du téléphone.")
    if at < received_at - OLDEST:
        raise InvalidError("Ce pointage est trop ancien : demandez une régularisation.")
    return at


def _read_choice[Choice: (Edge, PlaceCheck)](choices: type[Choice], value: object) -> Choice | None:
    if value is None:
        return None
    try:
        return choices(str(value))
    except ValueError:
        raise InvalidError("Ce pointage contient une valeur inconnue.") from None
