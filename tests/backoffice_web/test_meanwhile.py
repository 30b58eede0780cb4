"""Two people change one card at once: whoever saves second is told, and nothing of either is lost."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from flask.testing import FlaskClient

from homecare.access.model import Role
from homecare.clients.queries import find_client, find_home
from homecare.kernel import db
from homecare.kernel.ids import WorkerId
from homecare.workers.model import Language
from homecare.workers.operations import choose_language
from homecare.workers.queries import find_worker
from tests.backoffice_web.agency import NOW, Agency, hidden_in, served
from tests.builders import ACTOR, MadeHome, make_client, make_worker

PERSON = {
    "civility": "Mme",
    "last_name": "Bellanger",
    "first_name": "Odile",
    "instructions": "",
}
HOME = {"street": "3 rue des Tanneurs", "postal_code": "99100", "city": "La Chesnaye", "access_notes": ""}
WORKER = {
    "last_name": "Arnaud",
    "first_name": "Sonia",
    "phone": "",
    "language": "fr",
    "travel_mode": "car",
    "street": "",
    "postal_code": "",
    "city": "",
    "left_on": "",
}


def flat(text: str) -> str:
    return text.replace("\xa0", " ").replace("\u202f", " ").replace("’", "'")


@dataclass(frozen=True, slots=True)
class Two:
    """Two browsers of one office, and the cards at which they both are."""

    agency: Agency
    first: FlaskClient
    second: FlaskClient
    home: MadeHome
    worker: WorkerId

    def conn(self) -> db.Conn:
        return self.agency.database.connect(self.agency.organisation)

    @property
    def client_page(self) -> str:
        return f"/beneficiaires/{self.home.client}/modifier"

    @property
    def home_page(self) -> str:
        return f"/beneficiaires/{self.home.client}/domiciles/{self.home.home}/modifier"

    @property
    def worker_page(self) -> str:
        return f"/intervenants/{self.worker}/modifier"

    def area(self) -> dict[str, str]:
        return {"area_id": str(self.agency.area)}


@pytest.fixture
def two(agency: Agency) -> Two:
    with agency.database.connect(agency.organisation) as conn:
        home = make_client(conn, agency.area)
        worker = make_worker(conn, agency.organisation, agency.area).id
    return Two(agency, agency.browser(Role.MANAGER), agency.browser(Role.MANAGER), home, worker)


def test_a_note_and_a_mark_saved_meanwhile_are_not_lost(two: Two) -> None:
    late = served(two.second, two.client_page, **PERSON, **two.area()) | {"first_name": "Odette"}
    allergy = served(two.first, two.client_page, **PERSON, **two.area())
    allergy |= {"instructions": "Allergie aux noix.", "fragile": "y"}
    assert two.first.post(two.client_page, data=allergy).status_code == 303
    answer = two.second.post(two.client_page, data=late)
    page = flat(answer.text)
    assert answer.status_code == 422
    assert "Cette fiche vient de changer" in page
    assert "« Allergie aux noix. » vient d'être enregistré ; c'est repris ci-dessous" in page
    assert "« oui » vient d'être enregistré" in page
    with two.conn() as conn:
        stands = find_client(conn, two.home.client)
    assert (stands.first_name, stands.instructions, stands.fragile) == ("Odile", "Allergie aux noix.", True)
    # What is given back has both: what was typed here, and what was saved there.
    assert 'value="Odette"' in page
    assert "Allergie aux noix.</textarea>" in page
    assert " checked" in page[page.index('id="fragile"') - 80 : page.index('id="fragile"') + 80]


def test_saving_again_after_having_been_told_is_on_purpose(two: Two) -> None:
    late = served(two.second, two.client_page, **PERSON, **two.area()) | {"instructions": "Sonner fort."}
    soon = served(two.first, two.client_page, **PERSON, **two.area()) | {"instructions": "Allergie aux noix."}
    two.first.post(two.client_page, data=soon)
    answer = two.second.post(two.client_page, data=late)
    page = flat(answer.text)
    assert "« Allergie aux noix. » vient d'être enregistré ; votre saisie est gardée ci-dessous" in page
    assert "Sonner fort.</textarea>" in page
    assert two.second.post(two.client_page, data=late | hidden_in(answer.text)).status_code == 303
    with two.conn() as conn:
        assert find_client(conn, two.home.client).instructions == "Sonner fort."


def test_two_addresses_typed_at_once_are_both_known(two: Two) -> None:
    late = served(two.second, two.home_page, **HOME) | {"street": "8 rue Haute"}
    soon = served(two.first, two.home_page, **HOME) | {"street": "5 rue Basse", "access_notes": "2e étage"}
    assert two.first.post(two.home_page, data=soon).status_code == 303
    answer = two.second.post(two.home_page, data=late)
    page = flat(answer.text)
    assert answer.status_code == 422
    assert "« 5 rue Basse » vient d'être enregistré ; votre saisie est gardée" in page
    assert "« 2e étage » vient d'être enregistré ; c'est repris" in page
    assert 'value="8 rue Haute"' in page
    with two.conn() as conn:
        assert find_home(conn, two.home.home).street == "5 rue Basse"


def test_a_departure_noted_meanwhile_stands(two: Two) -> None:
    late = served(two.second, two.worker_page, **WORKER, **two.area()) | {"phone": "06 39 98 00 12"}
    gone = served(two.first, two.worker_page, **WORKER, **two.area()) | {"left_on": "2026-12-01"}
    assert two.first.post(two.worker_page, data=gone).status_code == 303
    answer = two.second.post(two.worker_page, data=late)
    page = flat(answer.text)
    assert answer.status_code == 422
    assert "« 01/12/2026 » vient d'être enregistré ; c'est repris ci-dessous" in page
    assert 'value="2026-12-01"' in page
    with two.conn() as conn:
        stands = find_worker(conn, two.worker)
    assert (stands.phone, str(stands.left_on)) == (None, "2026-12-01")


def test_the_language_that_a_worker_chose_on_their_telephone_is_not_undone_by_an_open_form(two: Two) -> None:
    late = served(two.second, two.worker_page, **WORKER, **two.area()) | {"city": "La Chesnaye"}
    with two.conn() as conn:
        choose_language(conn, ACTOR, two.worker, Language.ARABIC, now=NOW)
    answer = two.second.post(two.worker_page, data=late)
    assert (answer.status_code, "« arabe » vient d'être enregistré" in flat(answer.text)) == (422, True)
    with two.conn() as conn:
        assert find_worker(conn, two.worker).language == "ar"


def broken_seen(fields: dict[str, str]) -> dict[str, str]:
    return fields | {"revision": "1" * 40, "seen": "[" * 9_000}


def without_either(fields: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in fields.items() if name not in {"revision", "seen"}}


@pytest.mark.parametrize("spoil", [broken_seen, without_either])
def test_a_form_that_does_not_say_what_it_read_saves_nothing_and_gives_back_what_was_typed(
    two: Two, spoil: Callable[[dict[str, str]], dict[str, str]]
) -> None:
    fields = served(two.first, two.client_page, **PERSON, **two.area()) | {"first_name": "Odette"}
    answer = two.first.post(two.client_page, data=spoil(fields))
    assert answer.status_code == 422
    assert "« Odile » vient d'être enregistré ; votre saisie est gardée" in flat(answer.text)
    with two.conn() as conn:
        assert find_client(conn, two.home.client).first_name == "Odile"
