"""What an optimisation is asked with."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from backoffice_web.forms import (
    DateField,
    Form,
    InputRequired,
    IntegerField,
    NumberRange,
    Optional,
    SelectField,
    choices,
)
from backoffice_web.i18n import lazy
from homecare.access.model import Area
from homecare.kernel.ids import AreaId

SECONDS = (
    ("15", lazy("15 secondes")),
    ("60", lazy("1 minute")),
    ("180", lazy("3 minutes")),
    ("600", lazy("10 minutes")),
)
LARGEST_SEED = 2**31 - 1


@dataclass(frozen=True, slots=True)
class Asked:
    """An area, a day, a time to search, and the seed that makes it repeatable."""

    area: AreaId
    day: date
    seconds: int
    seed: int


class AskForm(Form):
    """Three choices, and the seed for whoever wants the same run again."""

    area = SelectField(lazy("Secteur"), validators=[InputRequired(lazy("Choisissez un secteur."))])
    day = DateField(lazy("Jour"), validators=[InputRequired(lazy("Choisissez un jour."))])
    seconds = SelectField(lazy("Temps de calcul"), choices=choices(SECONDS), default="60")
    seed = IntegerField(
        lazy("Numéro de tirage"),
        validators=[
            Optional(),
            NumberRange(0, LARGEST_SEED, lazy("Le numéro de tirage est un entier positif.")),
        ],
    )

    def offer(self, areas: Sequence[Area], *, day: date, area: AreaId | None) -> "AskForm":
        """Let these areas be chosen; unless something was sent, `day` and `area` are proposed.

        No area is chosen for whoever did not say which one, unless there is only one.
        """
        named = [(str(one.id), one.name) for one in areas]
        unsaid = [] if len(named) == 1 else [("", lazy("Choisissez un secteur"))]
        self.area.choices = choices([*unsaid, *named])
        if not self.is_submitted():
            self.day.data = day
            self.area.data = None if area is None else str(area)
        return self

    def command(self) -> Asked:
        """Return what is asked; without a seed one is drawn."""
        seed = self.seed.data
        return Asked(
            area=AreaId(int(self.area.data)),
            day=self.day.data,
            seconds=int(self.seconds.data),
            seed=secrets.randbelow(LARGEST_SEED) if seed is None else seed,
        )
