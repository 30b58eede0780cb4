"""The check-in API: a signed-in worker's phone posts a punch and gets a receipt.

Answers: 201 stored, 200 sent before, 202 kept in the spool, 409 same number with another content, 401 and 403
not signed in, not a worker, or on a telephone of somebody else, 422 refused with a sentence, and with the
name of its reason (`refusal`), for a phone that says it in another language. 503: nothing was
kept, the phone keeps its punch.

While the database is away a worker whose session was valid a moment ago is believed; session, signature and
place are judged when the punch is stored.
"""

from dataclasses import dataclass
from http import HTTPStatus
from typing import Protocol

import structlog
from twisted.internet.defer import Deferred

from homecare.access.model import Permission, SignedIn
from homecare.access.queries import find_session
from homecare.clients.queries import home_of_place
from homecare.kernel import db
from homecare.kernel.clock import PARIS, Clock
from homecare.kernel.errors import HomecareError
from homecare.kernel.ids import WorkerId, token_hash
from homecare.punches.judging import note_refused
from homecare.punches.model import (
    Claim,
    Doubt,
    Edge,
    Home,
    Kept,
    Qr,
    Receipt,
    SignedInWorker,
    Site,
    SiteCode,
    Status,
    Sun,
    Tag,
    TagRefusal,
)
from homecare.punches.operations import note_refusal
from homecare.punches.phone_check import Fault, find_fault
from homecare.punches.site_codes import CodeRefusal, Reading, judge_code
from homecare.workers.phones import find_phone, note_skew
from realtime.checkin_wire import CheckIn, read_check_in, read_key
from realtime.db import Database, DatabaseAwayError
from realtime.sessions import SeenSessions, SessionOverError

# Sending takes its time: a telephone's clock is not measured finer than this.
SKEW_STEP_SECONDS = 30

log = structlog.get_logger()

_DOUBTS = {
    Doubt.REPEATED: "Ce pointage répète le précédent : rien n’a changé.",
    Doubt.UNKNOWN_HOME: "Pointage enregistré. Le lieu n’est pas reconnu : le bureau va vérifier.",
    Doubt.UNKNOWN_WORKER: "Pointage enregistré. Le bureau va vérifier.",
    Doubt.NO_VISIT: "Pointage enregistré. Aucune intervention n’était prévue : le bureau va vérifier.",
    Doubt.SEVERAL_VISITS: "Pointage enregistré. Plusieurs interventions conviennent : le bureau va vérifier.",
    Doubt.PENDING: "Pointage enregistré.",
    Doubt.AT_AGENCY: "Pointage enregistré à l’agence.",
    Doubt.REJECTED: "Pointage enregistré. Le bureau ne l’a rattaché à aucune intervention.",
}
_COPIED = "Pointage refusé : l’étiquette ne s’est pas prouvée. Touchez celle du domicile avec le téléphone."
_REFUSALS = {
    TagRefusal.UNPROVED: _COPIED,
    TagRefusal.FORGED: _COPIED,
    TagRefusal.REPLAYED: "Pointage refusé : ce passage a déjà servi. Touchez de nouveau l’étiquette.",
    TagRefusal.FOREIGN: "Ce code n’est pas celui d’un domicile de votre agence.",
}


type _Place = Tag | Sun | Qr | Home | Site | SiteCode
_FOREIGN = TagRefusal.FOREIGN.value
_REFUSED_PLACES = {
    _FOREIGN: _REFUSALS[TagRefusal.FOREIGN],
    CodeRefusal.FORGED: "Ce code n’est pas celui d’une tablette de votre agence.",
    CodeRefusal.EXPIRED: "Ce code a expiré : visez celui que la tablette montre maintenant.",
    CodeRefusal.REUSED: "Vous avez déjà pointé avec ce code : attendez le suivant, dans trente secondes.",
}


@dataclass(frozen=True, slots=True)
class Answer:
    """An HTTP status and the JSON that goes with it."""

    status: HTTPStatus
    body: dict[str, object]


_FAULTS = {
    Fault.FORGED: "Ce pointage a été modifié après coup : sa signature ne convient pas. Le bureau le voit.",
    Fault.REVOKED: "Ce téléphone a été retiré par l’agence : ce pointage n’est pas enregistré. Appelez-la.",
    Fault.ANOTHERS: "Ce téléphone est inscrit au nom d’une autre personne : elle seule peut l’envoyer.",
}
_FOREIGN_CODE = "Ce code n’est pas celui d’un domicile de votre agence."

_NOBODY = Answer(HTTPStatus.UNAUTHORIZED, {"message": "Connectez-vous pour pointer."})
_NO_WORKER = Answer(HTTPStatus.FORBIDDEN, {"message": "Ce compte n’est pas celui d’un intervenant."})


class RecordPunch(Protocol):
    """Records a claim; `session` is the hash of a session that could not be checked yet."""

    def __call__(self, claim: Claim, *, session: bytes | None = None) -> Deferred[Receipt | Kept]: ...


class CheckIns:
    """Takes check-ins. Whoever posts is known by the session's cookie, never by the message."""

    def __init__(
        self,
        database: Database,
        *,
        record_punch: RecordPunch,
        clock: Clock,
        code_key: str,
    ) -> None:
        """Look people and places up in `database`, record through `record_punch`.

        `code_key` is the installation's, from which tablets' codes are made.
        """
        self._database = database
        self._record_punch = record_punch
        self._clock = clock
        self._code_key = code_key
        self._seen = SeenSessions()

    async def post(self, token: str | None, key: str | None, body: bytes) -> Answer:
        """Take one check-in."""
        try:
            return await self._take(token, key, body)
        except DatabaseAwayError:
            return Answer(
                HTTPStatus.SERVICE_UNAVAILABLE,
                {"message": "Le service est momentanément indisponible. Le téléphone garde ce pointage."},
            )
        except SessionOverError:
            return _NOBODY
        except HomecareError as refusal:
            return Answer(HTTPStatus.UNPROCESSABLE_ENTITY, {"message": str(refusal)})

    async def _take(self, token: str | None, key: str | None, body: bytes) -> Answer:
        if token is None:
            return _NOBODY
        reference = read_key(key)
        real_now, session = self._clock.real_now(), None
        check_in = read_check_in(body, key=reference, received_at=real_now)
        place: _Place | Answer
        try:
            met = await self._database.run(lambda conn: self._meet(conn, token, check_in, reference))
        except DatabaseAwayError:
            seen = self._seen.find(token, now=real_now)
            if seen is None or isinstance(check_in.where, str):
                raise  # a tablet's code cannot be judged now: the phone keeps it
            person, place, session = seen, check_in.where, token_hash(token)
        else:
            self._seen.note(token, None if met is None else met[0], now=real_now)
            if met is None:
                return _NOBODY
            person, place = met
        if person.worker is None or not person.may(Permission.PUNCH):
            return _NO_WORKER
        if isinstance(place, Answer):
            log.warning("checkin.refused", worker=person.worker, channel=check_in.channel.value)
            return place
        claim = Claim(
            organisation=person.organisation,
            channel=check_in.channel,
            source_ref=f"{person.worker}/{reference}",
            punched_at=self._clock.at(check_in.at),
            where=place,
            who=SignedInWorker(person.worker),
            edge=check_in.edge,
            place_check=check_in.place_check,
            details=check_in.details,
        )
        return _answer(await self._record_punch(claim, session=session))

    def _meet(
        self, conn: db.Conn, token: str, check_in: CheckIn, reference: str
    ) -> tuple[SignedIn, _Place | Answer] | None:
        """Return who posts, and where; or the answer to a check-in that proves nothing, which is noted."""
        now = self._clock.now()
        person = find_session(conn, token, now=now)
        if person is None or person.worker is None:
            return None if person is None else (person, _NO_WORKER)
        entry = check_in.signed
        fault = None if entry is None else find_fault(conn, person.worker, entry)
        if fault is not None:
            status, reason, told = fault.refusal, fault.value, _FAULTS[fault]
        else:
            place = self._judge_place(conn, person, person.worker, check_in, reference)
            if not isinstance(place, str):
                self._note_clock(conn, check_in)
                return person, place
            status, reason, told = place, place, _REFUSED_PLACES[place]
            if entry is not None:
                note_refused(conn, entry)
        note_refusal(
            conn,
            person.organisation,
            check_in.channel,
            status,
            source_ref=f"{person.worker}/{reference}",
            at=min(self._clock.at(check_in.at), now),
            worker=person.worker,
        )
        # What somebody else signed stays in the telephone: they may still send it.
        code = HTTPStatus.FORBIDDEN if fault is Fault.ANOTHERS else HTTPStatus.UNPROCESSABLE_ENTITY
        return person, Answer(code, {"message": told, "refusal": reason})

    def _judge_place(
        self, conn: db.Conn, person: SignedIn, worker: WorkerId, check_in: CheckIn, reference: str
    ) -> _Place | str:
        where = check_in.where
        if isinstance(where, str):
            reading = Reading(where, worker, reference, check_in.at, self._clock.real_now())
            judged = judge_code(conn, self._code_key, person.organisation, reading)
            return judged.value if isinstance(judged, CodeRefusal) else judged
        return where if home_of_place(conn, _place_of(where)) is not None else _FOREIGN

    def _note_clock(self, conn: db.Conn, check_in: CheckIn) -> None:
        """Keep by how much the telephone's clock is ahead, when that is new."""
        if check_in.signed is None or check_in.sent is None:
            return
        skew = round((check_in.sent - self._clock.real_now()).total_seconds())
        known = find_phone(conn, check_in.signed.phone)
        if known is not None and abs((known.skew_seconds or 0) - skew) >= SKEW_STEP_SECONDS:
            note_skew(conn, known.id, skew)


def _place_of(where: Tag | Sun | Qr | Home | Site) -> tuple[str, str]:
    match where:
        case Tag(token) | Sun(token, _):
            return "tag", token
        case Qr(token):
            return "qr", token
        case Home(id=home):
            return "home", str(home)
        case Site(id=site):
            return "site", str(site)


def _answer(receipt: Receipt | Kept) -> Answer:
    shown_at = receipt.punched_at.astimezone(PARIS)
    body: dict[str, object] = {"punched_at": receipt.punched_at.isoformat(), "time": f"{shown_at:%H:%M}"}
    if isinstance(receipt, Kept):
        body |= {"status": "kept", "message": f"Pointage de {shown_at:%H:%M} gardé : il sera transmis."}
        return Answer(HTTPStatus.ACCEPTED, body)
    if receipt.refusal is not None:
        refused: dict[str, object] = {
            "message": _REFUSALS[receipt.refusal],
            "refusal": receipt.refusal.value,
        }
        return Answer(HTTPStatus.UNPROCESSABLE_ENTITY, refused)
    body |= {
        "status": receipt.status.value,
        "edge": receipt.edge and receipt.edge.value,
        "visit": receipt.visit,
        "doubt": receipt.doubt and receipt.doubt.value,
        "message": _sentence(receipt, f"{shown_at:%H:%M}"),
    }
    match receipt.status:
        case Status.STORED:
            return Answer(HTTPStatus.CREATED, body)
        case Status.DUPLICATE:
            return Answer(HTTPStatus.OK, body)
        case Status.CONFLICT:
            body["refusal"] = "reused_key"
            body["message"] = "Ce numéro de suivi a déjà servi à un autre pointage : rien n’a été changé."
            return Answer(HTTPStatus.CONFLICT, body)
        case Status.REFUSED:
            raise ValueError("a claim refused without a reason")


def _sentence(receipt: Receipt, time: str) -> str:
    if receipt.doubt is not None:
        return _DOUBTS[receipt.doubt]
    return (
        f"Arrivée enregistrée à {time}." if receipt.edge is Edge.ARRIVAL else f"Départ enregistré à {time}."
    )
