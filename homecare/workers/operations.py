"""Writing workers: hiring, contracts, skills, availability, codes, badges, incompatibilities."""

from datetime import date, datetime, time

import psycopg
from psycopg.types.range import DateRange

from homecare.kernel import audit, db
from homecare.kernel.errors import InvalidError, StaleError
from homecare.kernel.ids import (
    AreaId,
    ClientId,
    CompanyId,
    OrganisationId,
    SkillId,
    UserId,
    WorkerId,
    code_hash,
    new_worker_code,
)
from homecare.kernel.text import clean_line, clean_postal_code, require_line
from homecare.workers.model import Language, TravelMode

NO_LAST_NAME, NO_FIRST_NAME = "Saisissez le nom.", "Saisissez le prénom."


def create_worker(
    conn: db.Conn,
    actor: audit.Actor,
    *,
    company: CompanyId,
    area: AreaId,
    last_name: str,
    first_name: str,
    travel_mode: TravelMode,
    now: datetime,
    phone: str | None = None,
    nir: str | None = None,
    language: Language = Language.FRENCH,
    street: str = "",
    postal_code: str = "",
    city: str = "",
    lon: float | None = None,
    lat: float | None = None,
    user: UserId | None = None,
) -> WorkerId:
    """Create a worker's card. Contract, skills, hours and code come by their own operations.

    Raises `InvalidError` for what cannot be kept.
    """
    worker = db.insert(
        conn,
        WorkerId,
        """INSERT INTO workers (company_id, area_id, user_id, last_name, first_name, phone, nir, language,
                                travel_mode, street, postal_code, city, lon, lat)
           VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s) RETURNING id""",
        (
            company,
            area,
            user,
            require_line(last_name, missing=NO_LAST_NAME),
            require_line(first_name, missing=NO_FIRST_NAME),
            phone,
            nir,
            language,
            travel_mode.value,
            clean_line(street),
            clean_postal_code(postal_code),
            clean_line(city),
            lon,
            lat,
        ),
    )
    audit.record(conn, actor, "workers.create_worker", worker, now=now, after={"area": area})
    return worker


def update_worker(
    conn: db.Conn,
    actor: audit.Actor,
    worker: WorkerId,
    *,
    revision: int,
    area: AreaId,
    last_name: str,
    first_name: str,
    travel_mode: TravelMode,
    now: datetime,
    phone: str | None,
    language: Language,
    street: str,
    postal_code: str,
    city: str,
    lon: float | None,
    lat: float | None,
    left_on: date | None,
) -> None:
    """Change a worker's card. `left_on` is the first day on which they are no longer there.

    `revision` is what its form showed: raises `StaleError` when somebody changed the card since, the worker
    themselves by choosing a language, too; `InvalidError` for what cannot be kept.
    """
    touched = db.write(
        conn,
        """UPDATE workers SET area_id = %s, last_name = %s, first_name = %s, travel_mode = %s, phone = %s,
                              language = %s, street = %s, postal_code = %s, city = %s, lon = %s, lat = %s,
                              left_on = %s, revision = revision + 1
           WHERE id = %s AND revision = %s""",
        (
            area,
            require_line(last_name, missing=NO_LAST_NAME),
            require_line(first_name, missing=NO_FIRST_NAME),
            travel_mode.value,
            phone,
            language,
            clean_line(street),
            clean_postal_code(postal_code),
            clean_line(city),
            lon,
            lat,
            left_on,
            worker,
            revision,
        ),
    )
    if not touched:
        raise StaleError("Cette fiche vient de changer\N{NO-BREAK SPACE}: relisez-la avant d’enregistrer.")
    after = {"area": area, "left_on": left_on and left_on.isoformat()}
    audit.record(conn, actor, "workers.update_worker", worker, now=now, after=after)


def choose_language(
    conn: db.Conn, actor: audit.Actor, worker: WorkerId, language: Language, *, now: datetime
) -> None:
    """Speak to a worker in this language from now on, on the telephone and on their screens."""
    conn.execute(
        "UPDATE workers SET language = %s, revision = revision + 1 WHERE id = %s", (language, worker)
    )
    audit.record(conn, actor, "workers.choose_language", worker, now=now, after={"language": language.value})


def give_code(
    conn: db.Conn,
    actor: audit.Actor,
    worker: WorkerId,
    *,
    key: str,
    organisation: OrganisationId,
    now: datetime,
) -> str:
    """Draw a new code for the worker and return it: the only time it can be shown. The old one is void."""
    while True:
        code = new_worker_code()
        try:
            with conn.transaction():
                conn.execute(
                    "UPDATE workers SET code_hash = %s WHERE id = %s",
                    (code_hash(key, organisation, code), worker),
                )
        except psycopg.errors.UniqueViolation:
            continue
        audit.record(conn, actor, "workers.give_code", worker, now=now)
        return code


def sign_contract(
    conn: db.Conn,
    actor: audit.Actor,
    worker: WorkerId,
    *,
    since: date,
    weekly_minutes: int,
    now: datetime,
) -> None:
    """Add a contract, or an amendment that replaces the one in force from `since` on."""
    conn.execute(
        """UPDATE contracts SET period = daterange(lower(period), %(since)s)
           WHERE worker_id = %(worker)s AND period @> %(since)s::date AND lower(period) < %(since)s""",
        {"worker": worker, "since": since},
    )
    try:
        with conn.transaction():
            conn.execute(
                "INSERT INTO contracts (worker_id, period, weekly_minutes) VALUES (%s, %s, %s)",
                (worker, DateRange(since, None), weekly_minutes),
            )
    except psycopg.errors.ExclusionViolation:
        raise InvalidError("Un autre contrat ou avenant couvre déjà cette période.") from None
    audit.record(
        conn, actor, "workers.sign_contract", worker, now=now, after={"weekly_minutes": weekly_minutes}
    )


def create_skill(conn: db.Conn, name: str) -> SkillId:
    """Create a skill that workers may hold and services may require."""
    name = require_line(name, missing="Saisissez la compétence.")
    return db.insert(conn, SkillId, "INSERT INTO skills (name) VALUES (%s) RETURNING id", (name,))


def add_skill(
    conn: db.Conn, worker: WorkerId, skill: SkillId, *, level: int, since: date, until: date | None
) -> None:
    """Note that the worker holds the skill from `since` until `until` excluded (None: no end)."""
    try:
        with conn.transaction():
            conn.execute(
                "INSERT INTO worker_skills (worker_id, skill_id, level, period) VALUES (%s, %s, %s, %s)",
                (worker, skill, level, DateRange(since, until)),
            )
    except psycopg.errors.ExclusionViolation:
        raise InvalidError("Cette compétence est déjà notée pour cette période.") from None


def end_skill(conn: db.Conn, worker: WorkerId, skill: SkillId, *, on: date) -> None:
    """Note that the worker no longer holds the skill from `on` on; what they held before stays known."""
    conn.execute(
        "DELETE FROM worker_skills WHERE worker_id = %s AND skill_id = %s AND lower(period) >= %s",
        (worker, skill, on),
    )
    conn.execute(
        """UPDATE worker_skills SET period = daterange(lower(period), %(on)s)
           WHERE worker_id = %(worker)s AND skill_id = %(skill)s AND period @> %(on)s::date""",
        {"worker": worker, "skill": skill, "on": on},
    )


def end_availability(conn: db.Conn, worker: WorkerId, *, weekday: int, starts: time, on: date) -> None:
    """Let these weekly hours count no more from `on` on."""
    conn.execute(
        """DELETE FROM availabilities
           WHERE worker_id = %s AND weekday = %s AND starts = %s AND lower(period) >= %s""",
        (worker, weekday, starts, on),
    )
    conn.execute(
        """UPDATE availabilities SET period = daterange(lower(period), %(on)s)
           WHERE worker_id = %(worker)s AND weekday = %(weekday)s AND starts = %(starts)s
             AND period @> %(on)s::date""",
        {"worker": worker, "weekday": weekday, "starts": starts, "on": on},
    )


def add_availability(
    conn: db.Conn, worker: WorkerId, *, weekday: int, starts: time, ends: time, since: date
) -> None:
    """Note weekly hours in which the worker may be planned (ISO weekday, wall time in Paris)."""
    conn.execute(
        "INSERT INTO availabilities (worker_id, weekday, starts, ends, period) VALUES (%s, %s, %s, %s, %s)",
        (worker, weekday, starts, ends, DateRange(since, None)),
    )


def enrol_badge(conn: db.Conn, worker: WorkerId, token: str, *, now: datetime) -> None:
    """Register a badge. Raises `InvalidError` when it already names somebody."""
    try:
        with conn.transaction():
            conn.execute(
                "INSERT INTO worker_badges (token, worker_id, enrolled_at) VALUES (%s, %s, %s)",
                (token, worker, now),
            )
    except psycopg.errors.UniqueViolation:
        raise InvalidError("Ce badge est déjà attribué.") from None


def ban_trait(conn: db.Conn, worker: WorkerId, trait: str, *, reason: str) -> None:
    """Note what the worker must not meet in a home (fear of dogs, allergy to cats)."""
    trait, reason = require_line(trait, missing="Dites ce que l’intervenant évite."), clean_line(reason)
    conn.execute("INSERT INTO traits (name) VALUES (%s) ON CONFLICT DO NOTHING", (trait,))
    conn.execute(
        """INSERT INTO worker_bans (worker_id, trait_id, reason) SELECT %s, id, %s FROM traits WHERE name = %s
           ON CONFLICT DO NOTHING""",
        (worker, reason, trait),
    )


def note_refusal(conn: db.Conn, client: ClientId, worker: WorkerId, *, reason: str) -> None:
    """Note that this worker is not to be sent to this client."""
    conn.execute(
        "INSERT INTO refusals (client_id, worker_id, reason) VALUES (%s, %s, %s) ON CONFLICT DO NOTHING",
        (client, worker, clean_line(reason)),
    )


def withdraw_refusal(conn: db.Conn, client: ClientId, worker: WorkerId) -> None:
    """Let this worker be sent to this client again."""
    conn.execute("DELETE FROM refusals WHERE client_id = %s AND worker_id = %s", (client, worker))


def lift_ban(conn: db.Conn, worker: WorkerId, trait: str) -> None:
    """Note that the worker may meet it again."""
    conn.execute(
        """DELETE FROM worker_bans USING traits
           WHERE worker_id = %s AND traits.id = trait_id AND traits.name = %s""",
        (worker, trait),
    )
