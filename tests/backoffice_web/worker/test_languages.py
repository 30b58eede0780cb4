"""A worker's pages in the worker's language: every text has its translation; one choice for all."""

import html
import re
from dataclasses import dataclass

import pytest
from babel.messages.pofile import read_po
from flask.testing import FlaskClient

from backoffice_web.access import SESSION_COOKIE
from backoffice_web.chosen_language import COOKIE
from backoffice_web.i18n import typeset
from backoffice_web.languages import FRENCH, TONGUES, Tongue, catalogue_of, path_of
from backoffice_web.portals.worker.script_words import script_words
from homecare.access.model import Role
from homecare.access.operations import open_session
from homecare.kernel.audit import ByUser
from homecare.kernel.ids import WorkerId
from homecare.punches.model import Doubt, TagRefusal
from homecare.punches.phone_check import Fault
from homecare.punches.site_codes import CodeRefusal
from homecare.workers.model import Language
from homecare.workers.phones import invite
from tests.backoffice_web.agency import NOW, Agency, later, signed
from tests.backoffice_web.worker.messages import messages
from tests.builders import make_client, make_user, make_visit, make_worker
from tests.features import feature

TRANSLATED = [tongue for tongue in TONGUES.values() if tongue is not FRENCH]
NAMED = re.compile(r"%\(\w+\)s")
LONG_ENOUGH = 12
"""A message shorter than this may be part of another word."""

each_language = pytest.mark.parametrize("tongue", TRANSLATED, ids=lambda tongue: tongue.language.value)


@dataclass(frozen=True, slots=True)
class Translation:
    """A text of the pages and what stands for it, in every form that its language gives to a number."""

    id: str | tuple[str, ...]
    forms: tuple[str, ...]
    expected: int

    @property
    def text(self) -> str:
        return self.id if isinstance(self.id, str) else self.id[0]


def translations(tongue: Tongue) -> list[Translation]:
    with path_of(tongue).open("rb") as file:
        catalogue = read_po(file, locale=tongue.locale)
    found = []
    for message in catalogue:
        if isinstance(message.id, tuple):
            found.append(Translation(message.id, tuple(message.string or ()), catalogue.num_plurals))
        elif message.id:
            found.append(Translation(str(message.id), (str(message.string),), 1))
    return found


@dataclass(frozen=True, slots=True)
class Pocket:
    """A worker's browser."""

    agency: Agency
    browser: FlaskClient
    worker: WorkerId

    def spoken(self) -> str:
        with self.agency.database.connect(self.agency.organisation) as conn:
            row = conn.execute("SELECT language FROM workers WHERE id = %s", (self.worker,)).fetchone()
        assert row is not None
        return str(row[0])

    def choose(self, language: str) -> int:
        form = signed(self.browser, "/moi", language=language)
        return self.browser.post("/moi/langue", data=form).status_code


@pytest.fixture
def pocket(agency: Agency) -> Pocket:
    with agency.database.connect(agency.organisation) as conn:
        user = make_user(conn, role=Role.WORKER)
        worker = make_worker(conn, agency.organisation, agency.area, user=user)
        home = make_client(conn, agency.area, last_name="Aubry")
        make_visit(conn, home, worker.id, starts_at=later(10))
        token = open_session(conn, user, now=NOW)
    browser = agency.browser()
    browser.set_cookie(SESSION_COOKIE, token)
    return Pocket(agency, browser, worker.id)


def in_page(tongue: Tongue, text: str) -> str:
    return typeset(text) if tongue.is_french else text


def test_every_language_of_the_telephone_is_one_of_the_screens() -> None:
    assert set(TONGUES) == set(Language)


def test_the_phone_has_words_for_every_doubt_and_every_refusal_of_the_check_in() -> None:
    words = script_words()
    assert set(words["doubts"]) == {doubt.value for doubt in Doubt}
    reasons = {reason.value for kind in (TagRefusal, CodeRefusal, Fault) for reason in kind}
    assert set(words["refusals"]) == reasons | {"reused_key"}


@feature("N20")
@each_language
def test_every_text_has_its_translation_and_none_is_left_over(tongue: Tongue) -> None:
    assert {message.id for message in translations(tongue)} == messages()


@each_language
def test_every_form_of_every_translation_is_filled_and_names_what_its_text_names(tongue: Tongue) -> None:
    for one in translations(tongue):
        assert len(one.forms) == one.expected, one.id
        for form in one.forms:
            assert form.strip(), one.id
            assert sorted(NAMED.findall(form)) == sorted(NAMED.findall(one.text)), (one.id, form)


@each_language
@pytest.mark.parametrize("address", ["/moi", "/moi/pointages", "/moi/pointer?qr=inconnu"])
def test_a_page_has_no_text_of_another_language(pocket: Pocket, tongue: Tongue, address: str) -> None:
    pocket.choose(tongue.language)
    page = html.unescape(pocket.browser.get(address).text)
    page = re.sub(r"\\u([0-9a-f]{4})", lambda code: chr(int(code[1], 16)), page)
    left = [
        text
        for one in translations(tongue)
        for text in [typeset(one.text).partition("%(")[0]]
        if len(text) >= LONG_ENOUGH and text in page and text not in typeset(one.forms[0])
    ]
    assert left == []


def test_arabic_is_read_from_right_to_left_and_names_stay_as_they_are(pocket: Pocket) -> None:
    pocket.choose(Language.ARABIC)
    page = pocket.browser.get("/moi").text
    assert '<html lang="ar" dir="rtl">' in page
    assert "<bdi>AUBRY Odile</bdi>" in page
    assert "الثلاثاء، 24 نوفمبر" in page


@pytest.mark.parametrize(
    ("language", "day"),
    [
        (Language.FRENCH, "Mardi 24 novembre"),
        (Language.EASY_FRENCH, "Mardi 24 novembre"),
        (Language.ENGLISH, "Tuesday 24 November"),
        (Language.PORTUGUESE, "Terça-feira, 24 de novembro"),
        (Language.SPANISH, "Martes, 24 de noviembre"),
    ],
)
def test_the_day_is_written_as_its_language_writes_it(pocket: Pocket, language: Language, day: str) -> None:
    pocket.choose(language)
    page = pocket.browser.get("/moi").text
    assert f"<h1>{day}</h1>" in page
    assert f'<html lang="{TONGUES[language].tag}">' in page


@feature("N20")
def test_the_language_chosen_on_the_page_is_the_telephone_s(pocket: Pocket) -> None:
    assert pocket.choose(Language.PORTUGUESE) == 303
    assert pocket.spoken() == "pt"
    assert "Nenhum por agora." in pocket.browser.get("/moi").text


@each_language
def test_sign_in_and_refusals_speak_the_language_that_the_device_was_used_in(
    pocket: Pocket, tongue: Tongue
) -> None:
    pocket.choose(tongue.language)
    pocket.browser.get("/moi")
    say = catalogue_of(tongue).gettext
    lost = html.unescape(pocket.browser.get("/moi/nulle-part").text)
    assert f'<html lang="{tongue.tag}"' in lost
    assert in_page(tongue, say("Cette adresse ne mène nulle part : vérifiez le lien.")) in lost
    pocket.browser.post("/deconnexion", data=signed(pocket.browser, "/moi"))
    page = html.unescape(pocket.browser.get("/connexion").text)
    assert in_page(tongue, say("Vous êtes intervenant ?")) in page
    form = signed(pocket.browser, "/connexion", email="x@agence.example", password="faux mot de passe")
    refused = html.unescape(pocket.browser.post("/connexion", data=form).text)
    assert in_page(tongue, say("Adresse ou mot de passe incorrect.")) in refused


@each_language
def test_an_invitation_is_read_in_the_language_of_the_worker_s_card(pocket: Pocket, tongue: Tongue) -> None:
    pocket.choose(tongue.language)
    with pocket.agency.database.connect(pocket.agency.organisation) as conn:
        token = invite(conn, ByUser(make_user(conn)), pocket.worker, now=NOW)
    page = html.unescape(pocket.agency.browser().get(f"/moi/inscription/{token}").text)
    assert in_page(tongue, catalogue_of(tongue).gettext("Inscrire ce téléphone")) in page
    assert f'<html lang="{tongue.tag}"' in page


def test_the_office_stays_french_on_a_device_that_a_worker_used(agency: Agency) -> None:
    office = agency.browser(Role.COORDINATOR)
    office.set_cookie(COOKIE, Language.ARABIC)
    assert '<html lang="fr"' in office.get("/tableau").text
    assert "Fiche introuvable" in office.get("/beneficiaires/999999").text


@pytest.mark.parametrize("chosen", ["", "de", "../../etc", "ar" * 2000])
def test_a_remembered_language_that_is_none_of_ours_changes_nothing(agency: Agency, chosen: str) -> None:
    stranger = agency.browser()
    stranger.set_cookie(COOKIE, chosen)
    assert '<html lang="fr">' in stranger.get("/connexion").text


def test_a_language_that_is_not_offered_is_refused_and_changes_nothing(pocket: Pocket) -> None:
    assert pocket.choose("de") == 422
    assert pocket.choose("") == 422
    assert pocket.spoken() == "fr"


def test_the_office_chooses_no_language_here(agency: Agency) -> None:
    office = agency.browser(Role.COORDINATOR)
    form = signed(office, "/tableau", language="ar")
    assert office.post("/moi/langue", data=form).status_code == 403
