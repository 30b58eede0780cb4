"""Roles, permissions, areas and signed-in people. No input or output here."""

from dataclasses import dataclass
from enum import StrEnum

from homecare.kernel.actors import ByUser
from homecare.kernel.ids import AreaId, CompanyId, OrganisationId, UserId, WorkerId


class Permission(StrEnum):
    """One thing that a role may allow."""

    SEE_BOARD = "see_board"
    HANDLE_ALERTS = "handle_alerts"
    SEE_ESCALATIONS = "see_escalations"
    SEE_PLANNING = "see_planning"
    CHANGE_PLANNING = "change_planning"
    OPTIMISE = "optimise"
    SEE_CLIENTS = "see_clients"
    CHANGE_CLIENTS = "change_clients"
    SEE_WORKERS = "see_workers"
    CHANGE_WORKERS = "change_workers"
    SEE_PUNCHES = "see_punches"
    EXPORT_LEDGER = "export_ledger"
    CHANGE_SETTINGS = "change_settings"
    CHANGE_AREAS = "change_areas"
    CHANGE_PAYERS = "change_payers"
    MANAGE_USERS = "manage_users"
    PUNCH = "punch"


class Role(StrEnum):
    """What a person is in the agency."""

    ADMINISTRATOR = "administrator"
    MANAGER = "manager"
    COORDINATOR = "coordinator"
    AUDITOR = "auditor"
    WORKER = "worker"


_READING = frozenset(
    {
        Permission.SEE_BOARD,
        Permission.SEE_PLANNING,
        Permission.SEE_CLIENTS,
        Permission.SEE_WORKERS,
        Permission.SEE_PUNCHES,
    }
)
_COORDINATING = _READING | {Permission.HANDLE_ALERTS, Permission.CHANGE_PLANNING, Permission.CHANGE_CLIENTS}

PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.ADMINISTRATOR: frozenset(Permission) - {Permission.PUNCH},
    Role.MANAGER: _COORDINATING
    | {
        Permission.OPTIMISE,
        Permission.CHANGE_WORKERS,
        Permission.CHANGE_PAYERS,
        Permission.SEE_ESCALATIONS,
        Permission.EXPORT_LEDGER,
    },
    Role.COORDINATOR: _COORDINATING,
    Role.AUDITOR: _READING | {Permission.EXPORT_LEDGER},
    Role.WORKER: frozenset({Permission.PUNCH}),
}

OFFICE_ROLES = tuple(role for role in Role if role is not Role.WORKER)

_OF_THE_WHOLE = frozenset({Permission.MANAGE_USERS, Permission.CHANGE_PAYERS, Permission.CHANGE_AREAS})
"""What no area bounds: a role over some areas does not allow it."""


@dataclass(frozen=True, slots=True)
class RoleGiven:
    """A role held over one area, or over all of them (`area` is None)."""

    role: Role
    area: AreaId | None


@dataclass(frozen=True, slots=True)
class Rights:
    """What an account of the office opens: one role, over some areas or over all (`areas` is None)."""

    role: Role
    areas: frozenset[AreaId] | None

    def given(self) -> list[tuple[Role, AreaId | None]]:
        """Return the role once for each area."""
        return [(self.role, None)] if self.areas is None else [(self.role, one) for one in sorted(self.areas)]


@dataclass(frozen=True, slots=True)
class SignedIn:
    """The person behind a request. `areas` is None when every area of the organisation is within reach."""

    organisation: OrganisationId
    user: UserId
    name: str
    permissions: frozenset[Permission]
    areas: frozenset[AreaId] | None
    worker: WorkerId | None

    @property
    def actor(self) -> ByUser:
        """The same person, as the audit trail names them."""
        return ByUser(self.user)

    def may(self, permission: Permission) -> bool:
        """Tell whether one of the person's roles allows it."""
        return permission in self.permissions


def reach(roles: list[RoleGiven]) -> tuple[frozenset[Permission], frozenset[AreaId] | None]:
    """Return what the roles allow together, and the areas within reach (None: all).

    Rights are not multiplied across areas by accident: a person with different roles in different areas gets
    the areas of all of them, and only the permissions that every one of those areas' roles would allow.
    Whoever is bound to some areas changes nothing that is the whole organisation's.
    """
    permissions: frozenset[Permission] = frozenset()
    wide = [given for given in roles if given.area is None]
    narrow = [given for given in roles if given.area is not None]
    for given in wide:
        permissions |= PERMISSIONS[given.role]
    if any(given.role is not Role.WORKER for given in wide) or not narrow:
        return permissions, None
    by_area: dict[AreaId, frozenset[Permission]] = {}
    for given in narrow:
        if given.area is not None:
            by_area[given.area] = by_area.get(given.area, frozenset()) | PERMISSIONS[given.role]
    return permissions | frozenset.intersection(*by_area.values()) - _OF_THE_WHOLE, frozenset(by_area)


@dataclass(frozen=True, slots=True)
class Company:
    """A legal entity of the organisation, under one collective agreement."""

    id: CompanyId
    name: str
    siret: str
    agreement: str


@dataclass(frozen=True, slots=True)
class Area:
    """A part of the territory. `communes` are INSEE codes; `outline` a drawn polygon (lon, lat), if any."""

    id: AreaId
    company_id: CompanyId
    name: str
    communes: list[str]
    outline: str | None
    duty_number: str | None
