"""The form of an account: who it is for, what it opens."""

from collections.abc import Sequence
from typing import Self

from backoffice_web.forms import (
    Checked,
    EmailField,
    Form,
    InputRequired,
    RadioField,
    SelectMultipleField,
    StringField,
    ValidationError,
    choices,
)
from backoffice_web.i18n import lazy
from backoffice_web.layout.vocabulary import ROLE_WORDS
from homecare.access.identity import check_email, check_name
from homecare.access.model import OFFICE_ROLES, Area, Rights, Role
from homecare.access.users import User
from homecare.kernel.ids import AreaId

EVERYWHERE, SOMEWHERE = "tous", "certains"
_NOT_EVERYWHERE = lazy("Un administrateur l'est de tous les secteurs : choisissez « Tous les secteurs ».")


class UserForm(Form):
    """A person's name and address, their role, the areas it is bound to."""

    name = StringField(lazy("Nom et prénom"), validators=[Checked(check_name)])
    email = EmailField(lazy("Adresse e-mail"), validators=[Checked(check_email)])
    role = RadioField(
        lazy("Rôle"),
        choices=choices((role.value, ROLE_WORDS[role].one) for role in OFFICE_ROLES),
        validators=[InputRequired(lazy("Choisissez un rôle."))],
    )
    reach = RadioField(
        lazy("Secteurs"),
        choices=choices([(EVERYWHERE, lazy("Tous les secteurs")), (SOMEWHERE, lazy("Seulement ceux-ci"))]),
        validators=[InputRequired(lazy("Choisissez les secteurs."))],
    )
    areas = SelectMultipleField(lazy("Secteurs"))

    def offer(self, areas: Sequence[Area]) -> Self:
        """Let these areas be chosen."""
        self.areas.choices = choices((area.id, area.name) for area in areas)
        return self

    def show(self, user: User) -> Self:
        """Fill in what stands, unless something was sent."""
        if not self.is_submitted():
            self.name.data, self.email.data = user.name, user.email
            rights = user.rights
            if rights is not None:
                self.role.data = rights.role.value
                self.reach.data = EVERYWHERE if rights.areas is None else SOMEWHERE
                self.areas.data = [str(area) for area in rights.areas or ()]
        return self

    def keep_rights(self) -> Self:
        """Ask for name and address alone: nobody changes what they may do themselves."""
        del self.role, self.reach, self.areas
        return self

    def validate_role(self, field: RadioField) -> None:
        """Refuse an administrator of some areas."""
        if field.data == Role.ADMINISTRATOR and self.reach.data == SOMEWHERE:
            raise ValidationError(str(_NOT_EVERYWHERE))

    def validate_areas(self, field: SelectMultipleField) -> None:
        """Refuse a choice of areas that chooses none."""
        if self.reach.data == SOMEWHERE and not field.data:
            raise ValidationError(str(lazy("Cochez au moins un secteur.")))

    def rights(self) -> Rights | None:
        """Return the rights as chosen; None when they were not asked for."""
        if "role" not in self:
            return None
        chosen = frozenset(AreaId(int(area)) for area in self.areas.data)
        return Rights(Role(self.role.data), None if self.reach.data == EVERYWHERE else chosen)
