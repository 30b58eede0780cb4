"""The areas as the office keeps them: listed, added, renamed, and the number that a call's 0 or 9 rings.

The core reads the number anew with each call (`clients.queries.duty_number`): a change counts from the next.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

import psycopg

from homecare.access.operations import create_area
from homecare.access.queries import find_called_line
from homecare.kernel import audit, db
from homecare.kernel.errors import InvalidError, NotFoundError, StaleError
from homecare.kernel.ids import AreaId, CompanyId
from homecare.kernel.phone_numbers import is_plain
from homecare.kernel.text import require_line

LONGEST_NAME = 80
_NOT_OURS = "Ce secteur n’existe pas ou n’est pas accessible avec votre compte."


@dataclass(frozen=True, slots=True)
class AreaCard:
    """An area. `communes` are INSEE codes; `duty_number` is E.164, None for none."""

    id: AreaId
    company: str
    name: str
    communes: list[str]
    is_drawn: bool
    duty_number: str | None
    revision: int


def list_area_cards(conn: db.Conn) -> list[AreaCard]:
    """Return the areas within reach, by name."""
    return _read(conn, None)


def find_area_card(conn: db.Conn, area: AreaId) -> AreaCard:
    """Return one area. Raises `NotFoundError` out of reach."""
    found = _read(conn, area)
    if not found:
        raise NotFoundError(_NOT_OURS)
    return found[0]


def _read(conn: db.Conn, area: AreaId | None) -> list[AreaCard]:
    return db.many(
        conn,
        AreaCard,
        """SELECT a.id, c.name AS company, a.name, a.communes, a.outline IS NOT NULL AS is_drawn,
                  a.duty_number, a.revision
           FROM areas a JOIN companies c ON c.id = a.company_id
           WHERE area_in_reach(a.id) AND (%(area)s::bigint IS NULL OR a.id = %(area)s)
           ORDER BY a.name""",
        {"area": area},
    )


def stand_in(areas: Sequence[AreaCard]) -> AreaCard | None:
    """Return the area whose number is rung for those without one, and while no home is known yet.

    The oldest with a number, as `clients.queries.duty_number` has it. None: 0 leaves a call-back task.
    """
    return min((one for one in areas if one.duty_number), key=lambda one: one.id, default=None)


def check_area_name(typed: str) -> str:
    """Return the name as it is kept. Raises `InvalidError`."""
    name = require_line(typed, missing="Donnez un nom à ce secteur.")
    if len(name) > LONGEST_NAME:
        raise InvalidError(f"Le nom d’un secteur a {LONGEST_NAME} caractères au plus.")
    return name


class DutyNumberError(InvalidError):
    """The number cannot be rung for whoever presses 0."""


def check_duty_number(conn: db.Conn, number: str | None) -> None:
    """Raise `DutyNumberError` for what costs more than a plain call, and for a number that workers call."""
    if number is None:
        return
    if not is_plain(number):
        raise DutyNumberError(
            "Prenez un numéro fixe ou mobile français\N{NO-BREAK SPACE}: l’agence paie ces appels, et un "
            "numéro en 08, court ou étranger n’est pas appelé."
        )
    if find_called_line(conn, number) is not None:
        raise DutyNumberError(
            "C’est un numéro que les intervenants appellent pour pointer\N{NO-BREAK SPACE}: l’appel "
            "tournerait en rond."
        )


def add_area(
    conn: db.Conn,
    actor: audit.Actor,
    company: CompanyId,
    *,
    name: str,
    duty_number: str | None,
    now: datetime,
) -> AreaId:
    """Add an area of a company; it has no communes yet: a client's card chooses it.

    Raises `DutyNumberError`, and `InvalidError` for a name that another area has.
    """
    name = check_area_name(name)
    check_duty_number(conn, duty_number)
    with _one_of_a_name(conn):
        area = create_area(conn, company, name=name, communes=[], duty_number=duty_number)
    after = {"company": company, "name": name, "duty_number": duty_number}
    audit.record(conn, actor, "access.add_area", area, now=now, after=after)
    return area


def change_area(
    conn: db.Conn,
    actor: audit.Actor,
    area: AreaId,
    *,
    revision: int,
    name: str,
    duty_number: str | None,
    now: datetime,
) -> None:
    """Rename an area, give it another duty number or none; the next call already rings it.

    `revision` is what its form showed: raises `StaleError` when somebody changed the area since. Raises also
    as `add_area`, and `NotFoundError` out of reach.
    """
    stood = find_area_card(conn, area)
    name = check_area_name(name)
    if duty_number != stood.duty_number:
        check_duty_number(conn, duty_number)
    with _one_of_a_name(conn):
        touched = db.write(
            conn,
            """UPDATE areas SET name = %s, duty_number = %s, revision = revision + 1
               WHERE id = %s AND revision = %s""",
            (name, duty_number, area, revision),
        )
    if not touched:
        raise StaleError("Ce secteur vient de changer\N{NO-BREAK SPACE}: relisez-le avant d’enregistrer.")
    audit.record(
        conn,
        actor,
        "access.change_area",
        area,
        now=now,
        before={"name": stood.name, "duty_number": stood.duty_number},
        after={"name": name, "duty_number": duty_number},
    )


@contextmanager
def _one_of_a_name(conn: db.Conn) -> Iterator[None]:
    try:
        with conn.transaction():
            yield
    except psycopg.errors.UniqueViolation:
        raise InvalidError("Un autre secteur porte déjà ce nom.") from None
