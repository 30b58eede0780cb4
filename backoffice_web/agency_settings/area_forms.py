"""The forms of areas: what one is called, which number its workers reach by 0, whose it is."""

from collections.abc import Sequence
from typing import Self

from backoffice_web.forms import Checked, Form, InputRequired, SelectField, StringField, TelField, choices
from backoffice_web.i18n import lazy
from backoffice_web.meanwhile import CardForm
from backoffice_web.phones import PhoneNumber
from homecare.access.areas import AreaCard, check_area_name
from homecare.access.model import Company
from homecare.kernel.ids import CompanyId


class AreaForm(Form):
    """What an area is called, and its duty number."""

    name = StringField(lazy("Nom"), validators=[Checked(check_area_name)])
    duty_number = TelField(lazy("Numéro d'astreinte"), validators=[PhoneNumber()])

    def command(self) -> tuple[str, str | None]:
        """Return the name and the duty number (E.164), None when none was typed."""
        return self.text("name"), self.text("duty_number") or None


class NewAreaForm(AreaForm):
    """An area to add, of one of the companies."""

    company = SelectField(lazy("Société"), validators=[InputRequired(lazy("Choisissez une société."))])

    def offer(self, companies: Sequence[Company]) -> Self:
        """Let these companies be chosen; the only one is not asked for."""
        self._only = companies[0].id if len(companies) == 1 else None
        if self._only:
            del self.company
        else:
            self.company.choices = choices((one.id, one.name) for one in companies)
        return self

    def company_id(self) -> CompanyId:
        """Return the company chosen, or the only one."""
        return self._only or CompanyId(int(self.company.data))


class AreaCardForm(CardForm, AreaForm):
    """An area, changed."""

    @staticmethod
    def standing(area: AreaCard) -> dict[str, object]:
        """Return what stands, by field."""
        return {"name": area.name, "duty_number": area.duty_number}
