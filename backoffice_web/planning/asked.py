"""What the address of a planning asks: a day, how much around it, whose lines, one person or everybody. Pure.

The same words make addresses: `asked.as_view(View.MONTH).arguments` leads to the same planning by month.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import Self

from backoffice_web.arguments import FIRST_YEAR, LAST_YEAR, area_in, day_in, number_in
from homecare.kernel.ids import AreaId, ClientId, WorkerId


class View(StrEnum):
    """How much is shown around the day; the value stands in the address."""

    DAY = "jour"
    WEEK = "semaine"
    MONTH = "mois"


class By(StrEnum):
    """Whose lines: the visits are the same."""

    WORKERS = "intervenants"
    CLIENTS = "beneficiaires"


@dataclass(frozen=True, slots=True)
class Asked:
    """A planning to show. At most one of `worker` and `client` is given: then it is that person's alone."""

    day: date
    view: View = View.DAY
    by: By = By.WORKERS
    area: AreaId | None = None
    worker: WorkerId | None = None
    client: ClientId | None = None

    @classmethod
    def read(cls, arguments: Mapping[str, str], *, today: date) -> Self:
        """Return what an address asks; what makes no sense is left out."""
        view, by = arguments.get("vue", ""), arguments.get("par", "")
        worker, client = number_in(arguments, "intervenant"), number_in(arguments, "beneficiaire")
        asked = cls(
            day_in(arguments, otherwise=today),
            View(view) if view in set(View) else View.DAY,
            By(by) if by in set(By) else By.WORKERS,
            area_in(arguments),
        )
        if worker is not None:
            return asked.of_worker(WorkerId(worker))
        return asked if client is None else asked.of_client(ClientId(client))

    @property
    def arguments(self) -> dict[str, str]:
        """The arguments of this planning's address, without those that go without saying."""
        named = {
            "jour": self.day.isoformat(),
            "vue": "" if self.view is View.DAY else self.view,
            "par": "" if self.by is By.WORKERS or self.is_of_one else self.by,
            "secteur": "" if self.area is None else str(self.area),
            "intervenant": "" if self.worker is None else str(self.worker),
            "beneficiaire": "" if self.client is None else str(self.client),
        }
        return {name: str(value) for name, value in named.items() if value}

    @property
    def is_of_one(self) -> bool:
        """Tell whether it is one person's."""
        return self.worker is not None or self.client is not None

    def on(self, day: date) -> Self:
        """Return the same around another day."""
        return replace(self, day=min(max(day, date(FIRST_YEAR, 1, 1)), date(LAST_YEAR, 12, 31)))

    def step(self, by: int) -> Self:
        """Return the same so many days, weeks or months further, after the view."""
        match self.view:
            case View.DAY:
                return self.on(self.day + timedelta(days=by))
            case View.WEEK:
                return self.on(self.day + timedelta(weeks=by))
            case View.MONTH:
                months = self.day.year * 12 + self.day.month - 1 + by
                return self.on(date(months // 12, months % 12 + 1, 1))

    def as_view(self, view: View) -> Self:
        """Return the same by day, week or month."""
        return replace(self, view=view)

    def by_whom(self, by: By) -> Self:
        """Return everybody's, in lines of workers or of clients."""
        return replace(self, by=by, worker=None, client=None)

    def of_worker(self, worker: WorkerId) -> Self:
        """Return one worker's, whatever the area."""
        return replace(self, by=By.WORKERS, area=None, worker=worker, client=None)

    def of_client(self, client: ClientId) -> Self:
        """Return one client's, whatever the area."""
        return replace(self, by=By.CLIENTS, area=None, worker=None, client=client)
