"""The thresholds of lateness, for everybody or for a scope."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Self

from backoffice_web.forms import (
    BooleanField,
    Form,
    InputRequired,
    IntegerField,
    NumberRange,
    Optional,
    SelectField,
    StringField,
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


def _labelled(clients: Sequence[ClientRow]) -> dict[str, ClientId]:
    """Return each client by a label of their own: name and city, and a number where two have the same."""
    labelled: dict[str, ClientId] = {}
    for one in clients:
        label = f"{one.name}, {one.city}"
        labelled[f"{label} ({one.id})" if label in labelled else label] = one.id
    return labelled


class RuleForm(Form):
    """When a visit without an arrival becomes an alert, then a second one, and when nobody took it."""

    area = SelectField(lazy("Secteur"))
    service = SelectField(lazy("Prestation"))
    client = StringField(lazy("Bénéficiaire"))
    clients: Mapping[str, ClientId] = MappingProxyType({})
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
        self.clients = _labelled(clients)
        return self

    def validate_client(self, field: StringField) -> None:
        """Refuse a name that is nobody's, or of several."""
        found = self._clients_meant()
        if field.data and len(found) != 1:
            told = (
                lazy("Plusieurs bénéficiaires commencent ainsi : choisissez dans la liste.")
                if found
                else lazy("Aucun bénéficiaire de ce nom : choisissez dans la liste.")
            )
            raise ValidationError(str(told))

    def _clients_meant(self) -> list[ClientId]:
        """Return whom the name that was typed is: one for a whole label, else all whose label begins so."""
        typed = self.text("client").casefold()
        whole = [one for label, one in self.clients.items() if label.casefold() == typed]
        return whole or [one for label, one in self.clients.items() if label.casefold().startswith(typed)]

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
            client=self._clients_meant()[0] if self.client.data else None,
            enabled=bool(self.enabled.data),
            first_minutes=self.first_minutes.data,
            second_minutes=self.second_minutes.data,
            escalation_minutes=self.escalation_minutes.data,
        )
