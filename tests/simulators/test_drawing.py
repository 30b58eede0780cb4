from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import pairwise
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from schwifty import IBAN
from stdnum.fr import nir, siret

from simulators.seed.catalogue import OFFERS
from simulators.seed.drawing import draw_agency
from simulators.seed.numbers import make_iban, make_nir, make_siret
from simulators.seed.places import divide
from simulators.seed.sketch import Need, Sketch
from simulators.seed.weeks import Profile, draw_week
from simulators.territory.addresses import Address

DAY = date(2026, 11, 24)


@pytest.fixture(scope="module")
def sketch(addresses: Sequence[Address]) -> Sketch:
    return draw_agency(addresses, seed=1, day=DAY)


def test_the_same_seed_draws_the_same_agency_and_another_seed_another(
    addresses: Sequence[Address], sketch: Sketch
) -> None:
    assert draw_agency(addresses, seed=1, day=DAY) == sketch
    assert draw_agency(addresses, seed=2, day=DAY) != sketch


def test_an_agency_has_two_companies_three_areas_sixty_workers_and_250_clients(sketch: Sketch) -> None:
    assert {company.agreement for company in sketch.companies} == {"idcc-3127", "idcc-2941"}
    assert len(sketch.sectors) == 3
    assert len(sketch.workers) == 60
    assert len(sketch.clients) == 250


@pytest.mark.parametrize("seed", range(1, 9))
def test_a_working_day_has_about_450_visits(addresses: Sequence[Address], seed: int) -> None:
    needs = [need for client in draw_agency(addresses, seed=seed, day=DAY).clients for need in client.needs]
    for weekday in range(1, 6):
        assert 400 <= sum(weekday in need.weekdays for need in needs) <= 500


@given(st.integers(), st.sampled_from(Profile))
def test_two_visits_of_a_client_never_come_within_half_an_hour(seed: int, profile: Profile) -> None:
    needs = draw_week(Random(seed), profile)  # noqa: S311 - seeded on purpose
    for weekday in range(1, 8):
        today = sorted((need for need in needs if weekday in need.weekdays), key=lambda need: need.starts)
        for first, second in pairwise(today):
            assert _earliest(second) - _latest_end(first) >= timedelta(minutes=30)


def _earliest(need: Need) -> datetime:
    return datetime.combine(DAY, need.starts) - timedelta(minutes=need.flexible_minutes)


def _latest_end(need: Need) -> datetime:
    return datetime.combine(DAY, need.starts) + timedelta(minutes=need.flexible_minutes + need.minutes)


@given(st.integers())
def test_numbers_have_the_check_digits_of_real_ones(seed: int) -> None:
    random = Random(seed)  # noqa: S311 - seeded on purpose
    assert nir.is_valid(make_nir(random, woman=True, born_on=date(1980, 5, 17)))
    assert siret.is_valid(make_siret(random))
    assert IBAN(make_iban(random)).validate(validate_bban=True)


def test_nobody_shares_a_name_a_telephone_or_a_badge(sketch: Sketch) -> None:
    for values in (
        [worker.email for worker in sketch.workers],
        [worker.phone for worker in sketch.workers],
        [worker.badge for worker in sketch.workers],
        [client.line for client in sketch.clients if client.line is not None],
    ):
        assert len(set(values)) == len(values)


def test_every_area_has_somebody_for_every_kind_of_visit(sketch: Sketch) -> None:
    for sector in range(3):
        held = [
            {skill.name: skill.level for skill in worker.skills if skill.until is None or skill.until > DAY}
            for worker in sketch.workers
            if worker.sector == sector
        ]
        for offer in OFFERS.values():
            wanted = [(skill.value, level) for skill, (level, must) in offer.skills.items() if must]
            assert any(all(levels.get(name, 0) >= level for name, level in wanted) for levels in held)


def test_a_few_skills_end_soon_and_a_few_have_ended(sketch: Sketch) -> None:
    ends = [skill.until for worker in sketch.workers for skill in worker.skills if skill.until is not None]
    assert any(end < DAY for end in ends)
    assert any(DAY < end < DAY + timedelta(days=90) for end in ends)


def test_workers_are_shared_among_the_areas_as_the_work_is(sketch: Sketch) -> None:
    minutes: Counter[int] = Counter()
    for client in sketch.clients:
        minutes[client.sector] += sum(need.minutes * len(need.weekdays) for need in client.needs)
    workers = Counter(worker.sector for worker in sketch.workers)
    for sector in range(3):
        assert abs(workers[sector] - 60 * minutes[sector] / sum(minutes.values())) <= 1


def test_without_communes_the_areas_are_outlines_that_hold_every_address(
    addresses: Sequence[Address],
) -> None:
    sectors = divide([replace(address, commune_code="") for address in addresses])
    assert all(sector.outline for sector in sectors)
    assert sum(len(sector.places) for sector in sectors) == len(addresses)


def test_with_communes_the_areas_share_them_out(addresses: Sequence[Address]) -> None:
    sectors = divide(addresses)
    listed = [code for sector in sectors for code in sector.communes]
    assert sorted(listed) == sorted({address.commune_code for address in addresses})
    assert sum(len(sector.places) for sector in sectors) == len(addresses)
