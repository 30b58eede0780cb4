"""Writes the drawn agency through the domain's own operations, in the caller's transaction: all or nothing.

The connection is the schema's owner's: nobody else may create an organisation.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from homecare.access.call_lines import Trunk, add_call_line
from homecare.access.model import Role
from homecare.access.operations import (
    create_area,
    create_company,
    create_organisation,
    create_user,
)
from homecare.kernel import db
from homecare.kernel.ids import (
    AreaId,
    ClientId,
    ServiceId,
    SkillId,
    UserId,
    WorkerId,
)
from homecare.payers.client_payers import add_client_payer
from homecare.payers.operations import add_payer
from homecare.punches.proof_minimum import set_minimum
from homecare.visits.operations import create_service
from homecare.workers.operations import (
    create_skill,
    note_refusal,
)
from simulators.seed.catalogue import OFFERS, Skill
from simulators.seed.drawing import PLANNER
from simulators.seed.hiring import give_codes, hire
from simulators.seed.homes import open_home, place_device
from simulators.seed.keepsakes import PASSWORD, Keepsakes
from simulators.seed.sketch import ClientSketch, OfficeSketch, PayerSketch, Sketch, WorkerSketch
from simulators.seed.terms import ACTOR, Terms


@dataclass(frozen=True, slots=True)
class Founded:
    """The agency as it was written, by id, and what only the seed knows of it."""

    keepsakes: Keepsakes
    clients: dict[ClientId, ClientSketch]
    workers: dict[WorkerId, WorkerSketch]


def found_agency(conn: db.Conn, sketch: Sketch, terms: Terms) -> Founded:
    """Write the agency."""
    now = terms.now
    organisation = create_organisation(conn, sketch.name, now=now)
    companies = [
        create_company(conn, name=one.name, siret=one.siret, iban=one.iban, agreement=one.agreement)
        for one in sketch.companies
    ]
    areas = [
        create_area(
            conn,
            companies[one.company],
            name=one.name,
            communes=list(one.communes),
            duty_number=one.duty_number,
            outline=one.outline,
        )
        for one in sketch.sectors
    ]
    add_call_line(conn, sketch.called_number, label="Télépointage")
    add_call_line(conn, sketch.second_number, label="Secours", trunk=Trunk.SECOND)
    office = {member.email: _create_member(conn, member, areas, now=now) for member in sketch.office}
    skills = {skill: create_skill(conn, skill.value) for skill in Skill}
    services = _create_services(conn, skills)
    clients = [
        open_home(conn, one, areas[one.sector], services=services, terms=terms) for one in sketch.clients
    ]
    by_name = {skill.value: id_ for skill, id_ in skills.items()}
    hired = [
        hire(conn, one, companies[sketch.sectors[one.sector].company], areas[one.sector], by_name, now=now)
        for one in sketch.workers
    ]
    for client, worker in sketch.refusals:
        note_refusal(conn, clients[client], hired[worker], reason="Préférence de la personne")
    for one in sketch.payers:
        _open_payer(conn, one, clients, terms)
    workers = dict(zip(hired, sketch.workers, strict=True))
    keepsakes = Keepsakes(
        organisation=organisation,
        planner=office[PLANNER],
        called_number=sketch.called_number,
        codes=give_codes(conn, hired, organisation, terms),
        badges={worker: one.badge for worker, one in workers.items()},
        emails={worker: one.email for worker, one in workers.items()},
        devices={
            one.device: place_device(conn, one.device, client, terms)
            for client, one in zip(clients, sketch.clients, strict=True)
            if one.device is not None
        },
    )
    return Founded(keepsakes, dict(zip(clients, sketch.clients, strict=True)), workers)


def _create_member(conn: db.Conn, member: OfficeSketch, areas: Sequence[AreaId], *, now: datetime) -> UserId:
    area = None if member.sector is None else areas[member.sector]
    return create_user(
        conn,
        ACTOR,
        member.email,
        name=member.name,
        password=PASSWORD,
        roles=[(Role(member.role), area)],
        now=now,
    )


def _open_payer(conn: db.Conn, sketch: PayerSketch, clients: Sequence[ClientId], terms: Terms) -> None:
    payer = add_payer(conn, ACTOR, sketch.kind, sketch.name, now=terms.now)
    if sketch.minimum is not None:
        set_minimum(conn, ACTOR, None, sketch.minimum, since=terms.since, now=terms.now, payer=payer)
    for rank in sketch.clients:
        add_client_payer(conn, ACTOR, clients[rank], payer, since=terms.since, now=terms.now)


def _create_services(conn: db.Conn, skills: dict[Skill, SkillId]) -> dict[str, ServiceId]:
    return {
        name: create_service(
            conn,
            name,
            tasks=list(offer.tasks),
            skills={skills[skill]: wanted for skill, wanted in offer.skills.items()},
        )
        for name, offer in OFFERS.items()
    }
