"""The forms of a client: who they are, where they live, what proves a presence, what must be avoided."""

from collections.abc import Sequence
from typing import Self

from backoffice_web.addresses.book import AddressBook
from backoffice_web.forms import (
    BooleanField,
    Checked,
    DataRequired,
    Form,
    Length,
    Regexp,
    SelectField,
    StringField,
    TelField,
    TextAreaField,
    Worded,
    choices,
)
from backoffice_web.i18n import lazy
from backoffice_web.meanwhile import CardForm
from backoffice_web.phones import PhoneNumber
from homecare.access.model import Area
from homecare.clients.model import Client, HomeCard, NewHome
from homecare.kernel.ids import AreaId, ClientId, WorkerId
from homecare.kernel.text import clean_postal_code
from homecare.workers.model import WorkerRow

BY_ADDRESS = ""
LONGEST_NAME = 80
LONGEST_NOTE = 2_000
SHARED_LINE = lazy(
    "Ce numéro désigne déjà un autre domicile : un appel ne dira plus à lui seul chez qui l'on est."
)


class PersonForm(Form):
    """Who the client is. Without a chosen area the address decides."""

    civility = SelectField(
        lazy("Civilité"), choices=choices([("", "–"), ("Mme", "Mme"), ("M.", "M.")]), default="Mme"
    )
    last_name = StringField(
        lazy("Nom"), validators=[Worded(lazy("Saisissez le nom.")), Length(max=LONGEST_NAME)]
    )
    first_name = StringField(
        lazy("Prénom"), validators=[Worded(lazy("Saisissez le prénom.")), Length(max=LONGEST_NAME)]
    )
    fragile = BooleanField(lazy("Personne fragile : ses retards passent devant les autres"))
    instructions = TextAreaField(lazy("Consignes pour l'intervenant"), validators=[Length(max=LONGEST_NOTE)])
    area_id = SelectField(lazy("Secteur"), default=BY_ADDRESS)

    def offer(self, areas: Sequence[Area]) -> Self:
        """Let these areas be chosen, besides the one in which the address falls."""
        self.area_id.choices = choices(
            [(BY_ADDRESS, lazy("D'après l'adresse")), *((area.id, area.name) for area in areas)]
        )
        return self

    @property
    def area(self) -> AreaId | None:
        """The area chosen; None: the address decides."""
        return AreaId(int(self.area_id.data)) if self.area_id.data else None


class HomeForm(Form):
    """Where the client lives."""

    street = StringField(
        lazy("Numéro et voie"),
        validators=[Worded(lazy("Saisissez le numéro et la voie.")), Length(max=160)],
    )
    postal_code = StringField(
        lazy("Code postal"),
        validators=[
            DataRequired(lazy("Saisissez le code postal.")),
            Checked(clean_postal_code),
        ],
    )
    city = StringField(
        lazy("Commune"), validators=[Worded(lazy("Saisissez la commune.")), Length(max=LONGEST_NAME)]
    )
    access_notes = StringField(lazy("Accès"), validators=[Length(max=200)])

    def home(self, book: AddressBook, *, label: str = "Domicile") -> NewHome:
        """Return the home as typed, with its place and commune when the map knows the address."""
        street, city, postal_code = self.text("street"), self.text("city"), self.text("postal_code")
        found = book.find(street, city=city)
        commune = found.commune_code if found else ""
        return NewHome(
            street=street,
            postal_code=postal_code,
            city=city,
            commune_code=commune or book.commune_of(postcode=postal_code, city=city),
            label=label,
            access_notes=self.text("access_notes"),
            lon=found.lon if found else None,
            lat=found.lat if found else None,
        )


class ClientCardForm(CardForm, PersonForm):
    """Who a client is, changed."""

    @staticmethod
    def standing(client: Client) -> dict[str, object]:
        """Return what stands, by field."""
        return {
            "civility": client.civility,
            "last_name": client.last_name,
            "first_name": client.first_name,
            "fragile": client.fragile,
            "instructions": client.instructions,
            "area_id": str(client.area_id),
        }


class HomeCardForm(CardForm, HomeForm):
    """A home's address, changed."""

    @staticmethod
    def standing(home: HomeCard) -> dict[str, object]:
        """Return what stands, by field."""
        return {
            "street": home.street,
            "postal_code": home.postal_code,
            "city": home.city,
            "access_notes": home.access_notes,
        }


class SharedLineForm(Form):
    """A form with a telephone line, which asks when the line names another home already."""

    shares_line = BooleanField(lazy("Les deux domiciles ont cette ligne : l'enregistrer quand même"))
    is_line_shared = False

    def ask_about_line(self, field: str) -> None:
        """Say under the line's field that it names another home, and offer to keep it all the same."""
        self.is_line_shared = True
        self.refuse(field, str(SHARED_LINE))


class NewClientForm(PersonForm, HomeForm, SharedLineForm):
    """A new client with a first home, and the telephone that names it if there is one.

    `namesakes` are clients within reach of the same name and address, about whom the form asks.
    """

    is_somebody_else = BooleanField(lazy("C'est une autre personne : l'ajouter quand même"))
    namesakes: Sequence[ClientId] = ()
    line = TelField(lazy("Téléphone du domicile"), validators=[PhoneNumber()])


class LineForm(SharedLineForm):
    """A telephone line of a home."""

    number = TelField(
        lazy("Numéro de la ligne"), validators=[DataRequired(lazy("Saisissez un numéro.")), PhoneNumber()]
    )


class CodeDeviceForm(Form):
    """A device that shows rolling codes at a home."""

    label = StringField(
        lazy("Nom du boîtier à code"),
        validators=[
            Worded(lazy("Donnez un nom à ce boîtier.")),
            Length(max=60, message=lazy("60 caractères au plus.")),
        ],
    )


class TagForm(Form):
    """An NFC tag stuck at a home."""

    token = StringField(
        lazy("Identifiant de l'étiquette NFC"),
        validators=[
            DataRequired(lazy("Saisissez l'identifiant de l'étiquette.")),
            Regexp(
                r"^\s*[0-9A-Za-z_:-]{4,64}\s*$",
                message=lazy("Un identifiant d'étiquette a de 4 à 64 lettres ou chiffres, sans espace."),
            ),
        ],
    )

    def command(self) -> str:
        """Return the identifier as readers give it: an UID in capitals, without separators."""
        typed = self.text("token")
        bare = typed.replace(":", "").replace("-", "")
        return bare.upper() if all(c in "0123456789abcdefABCDEF" for c in bare) else typed


class TraitForm(Form):
    """Something that a worker may have to avoid there."""

    name = StringField(
        lazy("Ajouter une particularité"),
        validators=[Worded(lazy("Dites ce qu'un intervenant y rencontre.")), Length(max=40)],
    )

    def command(self) -> str:
        """Return the trait in small letters: « chien » and « Chien » are one."""
        return self.text("name").lower()


class RefusalForm(Form):
    """A worker who is not to be sent there any more."""

    worker = SelectField(lazy("Intervenant"))
    reason = StringField(lazy("Motif"), validators=[Worded(lazy("Saisissez le motif.")), Length(max=200)])

    def offer(self, workers: Sequence[WorkerRow]) -> Self:
        """Let these workers be chosen."""
        self.worker.choices = choices((worker.id, worker.name) for worker in workers)
        return self

    def chosen(self) -> WorkerId:
        """Return the worker."""
        return WorkerId(int(self.worker.data))
