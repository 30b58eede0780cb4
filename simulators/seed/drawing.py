"""Draws the whole agency from a seed. Pure: same seed, same addresses, same day, same agency."""

from collections.abc import Sequence
from datetime import date
from random import Random

from homecare.access.model import Role
from simulators.seed.clientele import draw_clients
from simulators.seed.numbers import called_number, draw_mobile_numbers, make_iban, make_siret
from simulators.seed.payers import draw_payers
from simulators.seed.people import DOMAIN, People
from simulators.seed.places import divide
from simulators.seed.sketch import (
    ClientSketch,
    CompanySketch,
    OfficeSketch,
    SectorSketch,
    Sketch,
    WorkerSketch,
)
from simulators.seed.staff import draw_workers, share_workers
from simulators.territory.addresses import Address

CLIENTS, WORKERS = 250, 60
ADMINISTRATOR = f"direction@{DOMAIN}"
ON_CALL = f"garde@{DOMAIN}"
PLANNER = f"planification@{DOMAIN}"
_REFUSALS = 10


def draw_agency(addresses: Sequence[Address], *, seed: int, day: date) -> Sketch:
    """Return an agency as it stands on `day`. Raises ValueError when there are too few addresses."""
    random = Random(seed)
    people = People(random)
    parts = divide(addresses)
    clients = draw_clients(random, people, parts, CLIENTS)
    numbers = share_workers(clients, len(parts), WORKERS)
    workers = draw_workers(random, people, parts, numbers, day=day)
    duty = draw_mobile_numbers(random, len(parts))
    companies = (
        CompanySketch("Aidants du Val", make_siret(random), make_iban(random), "idcc-3127"),
        CompanySketch("Présence à domicile", make_siret(random), make_iban(random), "idcc-2941"),
    )
    sectors = tuple(
        SectorSketch(part.name, 0 if rank < len(parts) - 1 else 1, part.communes, part.outline, duty[rank])
        for rank, part in enumerate(parts)
    )
    return Sketch(
        name="Réseau Valmorande",
        called_number=called_number(10),
        second_number=called_number(11),
        companies=companies,
        sectors=sectors,
        office=_draw_office(people, sectors),
        clients=clients,
        workers=workers,
        refusals=_draw_refusals(random, clients, workers),
        payers=draw_payers(random, clients),
    )


def _draw_office(people: People, sectors: Sequence[SectorSketch]) -> tuple[OfficeSketch, ...]:
    def member(email: str, role: Role, sector: int | None = None) -> OfficeSketch:
        person = people.draw(women=0.7)
        return OfficeSketch(f"{person.last_name.upper()} {person.first_name}", email, role.value, sector)

    return (
        member(ADMINISTRATOR, Role.ADMINISTRATOR),
        member(PLANNER, Role.MANAGER),
        member(ON_CALL, Role.COORDINATOR),
        *(
            member(f"secteur{rank + 1}@{DOMAIN}", Role.COORDINATOR, rank)
            for rank in range(len(sectors))
        ),
        member(f"audit@{DOMAIN}", Role.AUDITOR),
    )  # fmt: skip


def _draw_refusals(
    random: Random, clients: Sequence[ClientSketch], workers: Sequence[WorkerSketch]
) -> tuple[tuple[int, int], ...]:
    drawn: list[tuple[int, int]] = []
    for client in random.sample(range(len(clients)), _REFUSALS):
        near = [rank for rank, worker in enumerate(workers) if worker.sector == clients[client].sector]
        drawn.append((client, random.choice(near)))
    return tuple(drawn)
