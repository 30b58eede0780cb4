"""Every case of the folder gives the breaches that it states, and no other."""

import pytest

from homecare.labour.check import check
from homecare.law.loading import parameters_on
from tests.labour.cases import Case, read_cases


@pytest.mark.parametrize("case", list(read_cases()), ids=lambda case: case.id)
def test_a_case_gives_the_breaches_that_it_states_and_no_other(case: Case) -> None:
    found = check(case.timeline, parameters_on(case.agreement, case.day))
    assert sorted((b.rule, b.measured, b.limit, b.severity) for b in found) == sorted(case.expected)


def test_case_names_are_unique() -> None:
    names = [case.id for case in read_cases()]
    assert len(names) == len(set(names))
