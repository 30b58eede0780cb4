"""The book of parameters: dated, sourced, Decimal, and refusing by name what it does not know."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from homecare.law.loading import Parameter, parameters_on, read_book, read_parameter
from homecare.law.model import Agreement, ParameterMissingError, Unit

DAY = date(2026, 3, 10)

KM = """
description: Indemnité
unit: minutes
checked_on: 2026-11-24
idcc-2941:
  2008-03-01: {value: 0.35, reference: "V.14.3"}
  2022-10-01: {value: 0.38, reference: "avenant 50-2022"}
  2030-01-01: {value: null, reference: "abrogé"}
code_travail:
  2020-01-01: {value: 1, reference: "L0000-1"}
"""


def amount(parameter: Parameter, agreement: Agreement, day: date) -> Decimal | None:
    value = parameter.value_on(agreement, day)
    return None if value is None else value.amount


def test_a_value_changes_on_its_day_and_not_the_day_before() -> None:
    parameter = read_parameter("km", KM)
    assert amount(parameter, Agreement.IDCC_2941, date(2022, 9, 30)) == Decimal("0.35")
    assert amount(parameter, Agreement.IDCC_2941, date(2022, 10, 1)) == Decimal("0.38")


def test_nothing_holds_before_its_first_day() -> None:
    assert read_parameter("km", KM).value_on(Agreement.IDCC_2941, date(2008, 2, 29)) is None


def test_an_agreement_that_falls_silent_leaves_the_law() -> None:
    value = read_parameter("km", KM).value_on(Agreement.IDCC_2941, date(2030, 1, 1))
    assert value is not None
    assert (value.amount, value.agreement, value.reference) == (Decimal(1), Agreement.CODE_TRAVAIL, "L0000-1")


def test_numbers_are_decimals_as_written() -> None:
    value = read_parameter("km", KM).value_on(Agreement.IDCC_2941, DAY)
    assert value is not None
    assert isinstance(value.amount, Decimal)
    assert str(value.amount) == "0.38"


@pytest.mark.parametrize(
    "broken",
    [
        "unit: minutes",
        KM.replace("unit: minutes", "unit: furlongs"),
        KM.replace("0.38", '"0.38"'),
        KM.replace("0.38", "true"),
        KM.replace("2022-10-01", "octobre 2022"),
        KM.replace("idcc-2941", "idcc-1"),
        KM.replace('reference: "avenant 50-2022"', 'source: "avenant 50-2022"'),
        KM.replace("checked_on: 2026-11-24", "checked_on: 2026"),
        "- [",
    ],
)
def test_a_file_that_is_not_as_it_should_be_is_refused_by_name(broken: str) -> None:
    with pytest.raises(ValueError, match=r"^km: "):
        read_parameter("km", broken)


@pytest.mark.parametrize(
    ("agreement", "span"),
    [(Agreement.CODE_TRAVAIL, 780), (Agreement.IDCC_2941, 720), (Agreement.IDCC_3127, 720)],
)
def test_each_agreement_has_its_own_span(agreement: Agreement, span: int) -> None:
    value = parameters_on(agreement, DAY)["span_max"]
    assert (value.amount, value.agreement) == (Decimal(span), agreement)


def test_a_silent_agreement_takes_the_law_s_value_and_its_article() -> None:
    value = parameters_on(Agreement.IDCC_3127, DAY)["daily_rest_min"]
    assert value.duration == timedelta(hours=11)
    assert "L3131-1" in value.reference


def test_a_parameter_that_no_text_gives_is_refused_with_its_name_and_day() -> None:
    with pytest.raises(ParameterMissingError, match=r"« daily_rest_min ».*01/01/2000"):
        parameters_on(Agreement.IDCC_3127, date(2000, 1, 1))["daily_rest_min"]


def test_an_optional_parameter_may_be_absent() -> None:
    assert parameters_on(Agreement.CODE_TRAVAIL, DAY).find("span_fragile_max") is None


def test_a_count_of_days_is_not_a_duration() -> None:
    value = parameters_on(Agreement.IDCC_2941, DAY)["span_exceptional_days"]
    assert value.unit is Unit.DAYS
    with pytest.raises(ValueError, match="counts days"):
        _ = value.duration


@pytest.mark.parametrize("parameter", list(read_book().values()), ids=lambda parameter: parameter.name)
def test_every_value_of_the_book_names_its_text_and_was_checked_after_it_came_into_force(
    parameter: Parameter,
) -> None:
    assert parameter.description
    assert parameter.history
    for dated in parameter.history.values():
        for since, _, reference in dated:
            assert len(reference) > len("art. ")
            assert since <= parameter.checked_on
