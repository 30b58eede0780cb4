"""The thresholds of lateness, for everybody or for a scope."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from backoffice_web.forms import (
    BooleanField,
    Form,
    InputRequired,
    IntegerField,
    NumberRange,
    Optional,
    SelectField,
    ValidationError,
    choices,
)
from backoffice_web.i18n import lazy
from homecare.access.model import Area
from homecare.alerts.model import (
    DEFAULT_ESCALATION_MINUTES,
    DEFAULT_FIRST_MINUTES,
    DEFAULT_SECOND_MINUTES,
)
from homecare.clients.model import ClientRow
from homecare.kernel.ids import AreaId, ClientId, ServiceId
from homecare.visits.queries import Service

EVERY = ""
LATEST = 240


@dataclass(frozen=True, slots=True)
class RuleTyped:
    """Thresholds of a scope; a part of the scope that is None means every one."""

    area: AreaId | None
    service: ServiceId | None
    client: ClientId | None
    enabled: bool
    first_minutes: int
    second_minutes: int
    escalation_minutes: int | None


class RuleForm(Form):
    """When a visit without an arrival becomes an alert, then a second one, and when nobody took it."""

    area = SelectField(lazy("Secteur"))
    service = SelectField(lazy("Prestation"))
    client = SelectField(lazy("Bénéficiaire"))
    enabled = BooleanField(lazy("Surveiller les retards"), default=True)
    first_minutes = IntegerField(
        lazy("1re alerte après"),
        default=DEFAULT_FIRST_MINUTES,
        validators=[
            InputRequired(lazy("Saisissez un nombre de minutes.")),
            NumberRange(0, LATEST, lazy("Un seuil va de 0 à 240 minutes.")),
        ],
    )
    second_minutes = IntegerField(
        lazy("2e alerte après"),
        default=DEFAULT_SECOND_MINUTES,
        validators=[
            InputRequired(lazy("Saisissez un nombre de minutes.")),
            NumberRange(0, LATEST, lazy("Un seuil va de 0 à 240 minutes.")),
        ],
    )

    escalation_minutes = IntegerField(
        lazy("Escalade après"),
        default=DEFAULT_ESCALATION_MINUTES,
        validators=[Optional(), NumberRange(1, LATEST, lazy("Une escalade vient après 1 à 240 minutes."))],
    )

    def offer(self, areas: Sequence[Area], services: Sequence[Service], clients: Sequence[ClientRow]) -> Self:
        """Let these be chosen, besides every one of each."""
        self.area.choices = choices([(EVERY, lazy("Tous")), *((one.id, one.name) for one in areas)])
        self.service.choices = choices([(EVERY, lazy("Toutes")), *((one.id, one.name) for one in services)])
        self.client.choices = choices([(EVERY, lazy("Tous")), *((one.id, one.name) for one in clients)])
        return self

    def validate_second_minutes(self, field: IntegerField) -> None:
        """Refuse a second alert before the first."""
        first = self.first_minutes.data
        if first is not None and field.data is not None and field.data < first:
            raise ValidationError(str(lazy("La 2e alerte ne peut pas précéder la 1re.")))

    def command(self) -> RuleTyped:
        """Return the rule as typed."""
        return RuleTyped(
            area=AreaId(int(self.area.data)) if self.area.data else None,
            service=ServiceId(int(self.service.data)) if self.service.data else None,
            client=ClientId(int(self.client.data)) if self.client.data else None,
            enabled=bool(self.enabled.data),
            first_minutes=self.first_minutes.data,
            second_minutes=self.second_minutes.data,
            escalation_minutes=self.escalation_minutes.data,
        )
