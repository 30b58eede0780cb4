"""Writes a worker: account, contract, skills, hours, badge, what to avoid, code."""

from collections.abc import Sequence
from datetime import datetime

from homecare.access.model import Role
from homecare.access.operations import create_user
from homecare.kernel import db
from homecare.kernel.ids import AreaId, CompanyId, OrganisationId, SkillId, WorkerId
from homecare.workers.operations import (
    add_availability,
    add_skill,
    ban_trait,
    create_worker,
    enrol_badge,
    give_code,
    sign_contract,
)
from simulators.seed.keepsakes import PASSWORD
from simulators.seed.sketch import WorkerSketch
from simulators.seed.terms import ACTOR, Terms


def hire(
    conn: db.Conn,
    sketch: WorkerSketch,
    company: CompanyId,
    area: AreaId,
    skills: dict[str, SkillId],
    *,
    now: datetime,
) -> WorkerId:
    """Write the worker. `skills` are the agency's, by name."""
    name = f"{sketch.last_name.upper()} {sketch.first_name}"
    user = create_user(
        conn, ACTOR, sketch.email, name=name, password=PASSWORD, roles=[(Role.WORKER, None)], now=now
    )
    place = sketch.place
    worker = create_worker(
        conn,
        ACTOR,
        company=company,
        area=area,
        last_name=sketch.last_name,
        first_name=sketch.first_name,
        travel_mode=sketch.travel_mode,
        now=now,
        phone=sketch.phone,
        nir=sketch.nir,
        street=place.street,
        postal_code=place.postal_code,
        city=place.city,
        lon=place.lon,
        lat=place.lat,
        user=user,
    )
    sign_contract(conn, ACTOR, worker, since=sketch.hired_on, weekly_minutes=sketch.weekly_minutes, now=now)
    for skill in sketch.skills:
        add_skill(conn, worker, skills[skill.name], level=skill.level, since=skill.since, until=skill.until)
    for hours in sketch.hours:
        add_availability(
            conn, worker, weekday=hours.weekday, starts=hours.starts, ends=hours.ends, since=sketch.hired_on
        )
    enrol_badge(conn, worker, sketch.badge, now=now)
    for trait in sketch.bans:
        ban_trait(conn, worker, trait, reason="Allergie ou crainte")
    return worker


def give_codes(
    conn: db.Conn, workers: Sequence[WorkerId], organisation: OrganisationId, terms: Terms
) -> dict[int, str]:
    """Draw everybody's code and return them in clear, by worker."""
    return {
        worker: give_code(conn, ACTOR, worker, key=terms.code_key, organisation=organisation, now=terms.now)
        for worker in workers
    }
