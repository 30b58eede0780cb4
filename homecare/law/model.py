"""What a legal value is. No input or output here; `loading` reads the files."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

from homecare.kernel.errors import HomecareError


class Agreement(StrEnum):
    """The text that governs a company: a branch agreement by its IDCC number, or the law alone."""

    CODE_TRAVAIL = "code_travail"
    IDCC_2941 = "idcc-2941"
    IDCC_3127 = "idcc-3127"


class Unit(StrEnum):
    """What a value counts."""

    MINUTES = "minutes"
    DAYS = "days"


class ParameterMissingError(HomecareError):
    """No text of the book gives this parameter on that day: nothing can be judged without it."""

    def __init__(self, name: str, agreement: Agreement, day: date) -> None:
        """Name the parameter, so that a person can add it."""
        super().__init__(
            f"Le paramètre légal « {name} » n’est pas renseigné au {day:%d/%m/%Y} ({agreement.value})."
        )
        self.name = name


@dataclass(frozen=True, slots=True)
class Value:
    """One value in force: what, since when, by which text, and when a person last checked it."""

    name: str
    agreement: Agreement
    amount: Decimal
    unit: Unit
    since: date
    reference: str
    checked_on: date

    @property
    def duration(self) -> timedelta:
        """The value as a length of time. Raises ValueError when it does not count minutes."""
        if self.unit is not Unit.MINUTES:
            raise ValueError(f"{self.name} counts {self.unit.value}, not minutes")
        return timedelta(minutes=int(self.amount))


@dataclass(frozen=True, slots=True)
class Parameters:
    """Every value in force for one agreement on one day."""

    agreement: Agreement
    day: date
    values: Mapping[str, Value]

    def __getitem__(self, name: str) -> Value:
        """Return the value in force. Raises `ParameterMissingError` when no text gives it."""
        value = self.find(name)
        if value is None:
            raise ParameterMissingError(name, self.agreement, self.day)
        return value

    def find(self, name: str) -> Value | None:
        """Return the value in force, or None when neither the agreement nor the law sets one."""
        return self.values.get(name)
