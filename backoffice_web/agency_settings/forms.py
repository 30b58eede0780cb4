"""The forms of what is asked of punches: place, proof, silent lines, tablets, tasks at departure."""

from collections.abc import Sequence
from datetime import date
from typing import Any, Self

from backoffice_web.forms import (
    BooleanField,
    Checked,
    DataRequired,
    DateField,
    Form,
    InputRequired,
    IntegerField,
    Length,
    NumberRange,
    RadioField,
    SelectField,
    StringField,
    TelField,
    choices,
)
from backoffice_web.i18n import lazy
from backoffice_web.layout.vocabulary import PROOF_WORDS
from backoffice_web.phones import PhoneNumber
from homecare.access.call_lines import Trunk
from homecare.clients.place_rules import LARGEST_RADIUS, SMALLEST_RADIUS
from homecare.clients.sites import Site
from homecare.kernel.ids import SiteId
from homecare.punches.model import Proof
from homecare.punches.place_setting import PlaceSetting
from homecare.punches.proof_minimum import Minimum
from homecare.punches.task_codes import LONGEST_LABEL, check_task_code, check_task_label
from homecare.punches.tasks import TaskMode


class PlaceForm(Form):
    """Whether telephones check the place, and how far from the home still counts as there."""

    is_on = BooleanField(lazy("Vérifier le lieu quand un intervenant pointe sur son téléphone"))
    radius_metres = IntegerField(
        lazy("Rayon autour du domicile, en mètres"),
        validators=[
            InputRequired(lazy("Saisissez un nombre de mètres.")),
            NumberRange(SMALLEST_RADIUS, LARGEST_RADIUS, lazy("Le rayon va de 50 à 2000 mètres.")),
        ],
    )

    def show(self, setting: PlaceSetting) -> Self:
        """Fill in what stands, unless something was sent."""
        if self.radius_metres.raw_data is None:
            self.is_on.data = setting.is_on
            self.radius_metres.data = setting.radius_metres
        return self

    def command(self) -> PlaceSetting:
        """Return the setting as typed."""
        return PlaceSetting(bool(self.is_on.data), self.radius_metres.data)


class CallBackForm(Form):
    """Whether the home is rung to prove a call from an unknown or hidden number."""

    calls_back = BooleanField(lazy("Rappeler le domicile quand le numéro est inconnu ou masqué"))

    def show(self, *, is_on: bool) -> Self:
        """Fill in what stands."""
        self.calls_back.data = is_on
        return self


class SilenceForm(Form):
    """After how many planned visits a line or tag that serves no more is told."""

    visits = IntegerField(
        lazy("Nombre d'interventions prévues sans aucun pointage"),
        validators=[InputRequired(lazy("Saisissez un nombre d'interventions."))],
    )

    def show(self, visits: int) -> Self:
        """Fill in what stands, unless something was typed."""
        if self.visits.raw_data is None:
            self.visits.data = visits
        return self


class MinimumForm(Form):
    """The lowest grade of proof that passes without a remark, from a day on."""

    minimum = SelectField(lazy("Preuve minimale"))
    since = DateField(lazy("À partir du"), validators=[InputRequired(lazy("Saisissez une date."))])

    def offer(self, nothing: Any, standing: Sequence[Minimum], *, today: date) -> Self:
        """Offer the grades, and to ask for nothing in the words `nothing`.

        Unless something was typed it shows what stands today, from today on.
        """
        grades = [(grade.value, f"{grade.value}, {PROOF_WORDS[grade]}") for grade in Proof]
        self.minimum.choices = [("", nothing), *choices(grades)]
        if self.since.raw_data is None:
            self.since.data = today
        if self.minimum.raw_data is None:
            self.minimum.data = next((one.minimum for one in standing if one.holds_on(today)), "")
        return self

    def command(self) -> tuple[Proof | None, date]:
        """Return the grade, None when nothing is asked, and the first day."""
        chosen: str = self.minimum.data
        return Proof(chosen) if chosen else None, self.since.data


class TabletForm(Form):
    """A tablet to invite: the day centre where it stands, and what it is called."""

    site = SelectField(lazy("Accueil de jour"))
    label = StringField(
        lazy("Nom de la tablette"),
        validators=[DataRequired(lazy("Donnez un nom à cette tablette.")), Length(max=60)],
    )

    def offer(self, sites: Sequence[Site]) -> Self:
        """Let these sites be chosen."""
        self.site.choices = choices((one.id, f"{one.name}, {one.city}") for one in sites)
        return self

    def command(self) -> tuple[SiteId, str]:
        """Return the site and the label."""
        return SiteId(int(self.site.data)), self.text("label")


TRUNKS = {Trunk.FIRST: lazy("premier opérateur"), Trunk.SECOND: lazy("second opérateur")}


class CallLineForm(Form):
    """A number that workers call, what it is called, who carries it, and whether it answers."""

    number = TelField(lazy("Numéro"), validators=[DataRequired(lazy("Saisissez le numéro.")), PhoneNumber()])
    label = StringField(
        lazy("Nom"), validators=[DataRequired(lazy("Donnez un nom à ce numéro.")), Length(max=60)]
    )
    trunk = SelectField(
        lazy("Opérateur"), choices=choices((trunk.value, word) for trunk, word in TRUNKS.items())
    )

    rings_only = SelectField(
        lazy("À l'appel"),
        choices=choices(
            [
                ("", lazy("il répond : on tape son code")),
                ("1", lazy("il sonne sans répondre, l'agence rappelle : appel manqué")),
            ]
        ),
    )

    def command(self) -> tuple[str, str, Trunk, bool]:
        """Return the number (E.164), its name, its operator, whether it only rings."""
        return (
            self.text("number"),
            self.text("label"),
            Trunk(self.trunk.data),
            self.rings_only.data == "1",
        )


TASK_MODES = {
    TaskMode.READ: lazy("La voix lit chaque tâche, l'intervenant répond par une touche"),
    TaskMode.KEYED: lazy("L'intervenant tape les codes des tâches faites"),
    TaskMode.NONE: lazy("Rien n'est demandé"),
}


class TaskModeForm(Form):
    """How tasks are taken at departure, on the telephone."""

    mode = RadioField(
        lazy("Au départ, au téléphone"),
        choices=choices((mode.value, word) for mode, word in TASK_MODES.items()),
        validators=[InputRequired(lazy("Choisissez une façon de noter les tâches."))],
    )

    def show(self, mode: TaskMode) -> Self:
        """Choose what stands, unless something was sent."""
        if self.mode.raw_data is None:
            self.mode.data = mode.value
        return self

    def command(self) -> TaskMode:
        """Return what was chosen."""
        return TaskMode(self.mode.data)


class TaskCodeForm(Form):
    """A task and the code that stands for it."""

    code = StringField(lazy("Code"), validators=[Checked(check_task_code)])
    label = StringField(lazy("Tâche"), validators=[Checked(check_task_label), Length(max=LONGEST_LABEL)])

    def command(self) -> tuple[str, str]:
        """Return the code and the label."""
        return self.text("code"), self.text("label")
