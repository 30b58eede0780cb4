"""What a check finds. A breach is a value, never an exception."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from homecare.law.model import Unit, Value


class Rule(StrEnum):
    """The rules that are judged. One word each, the same in cases, proposals and screens."""

    DAILY_WORK_MAX = "daily_work_max"
    WEEKLY_WORK_MAX = "weekly_work_max"
    BREAK_DUE = "break_due"
    SHIFT_SPAN_MAX = "shift_span_max"
    DAILY_REST_MIN = "daily_rest_min"


class Severity(StrEnum):
    """Blocking: a number that the law or the agreement fixes. Warning: an exception that is counted."""

    BLOCKING = "blocking"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Breach:
    """One rule not kept, between `start` and `end`. `parameter` is the legal value it was judged by."""

    rule: Rule
    start: datetime
    end: datetime
    measured: Decimal
    parameter: Value
    severity: Severity

    @property
    def limit(self) -> Decimal:
        """What the text allows, in `unit`."""
        return self.parameter.amount

    @property
    def unit(self) -> Unit:
        """The unit of `measured`, `limit` and `margin`."""
        return self.parameter.unit

    @property
    def margin(self) -> Decimal:
        """How far on the wrong side of the limit: always negative."""
        return -abs(self.measured - self.limit)

    @property
    def article(self) -> str:
        """The text that decides."""
        return self.parameter.reference
