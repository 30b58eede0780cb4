"""What a payer is. No input or output here."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from homecare.kernel.ids import PayerId


class PayerKind(StrEnum):
    """What a payer is: département, caisse de retraite, mutuelle ou assurance, CCAS, anything else."""

    DEPARTMENT = "department"
    PENSION_FUND = "pension_fund"
    INSURER = "insurer"
    SOCIAL_CENTRE = "social_centre"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Payer:
    """A payer. `clients`: for how many within reach it pays on the day asked; `retired_on`: first day off."""

    id: PayerId
    kind: str
    name: str
    retired_on: date | None
    clients: int
