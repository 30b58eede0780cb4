"""The office's accounts, as an administrator keeps them: added, changed, closed, given a password."""

import html
import re
from urllib.parse import urlsplit

import pytest
from flask.testing import FlaskClient

from backoffice_web.access import SESSION_COOKIE
from homecare.access.model import Role
from homecare.access.operations import open_session
from homecare.access.users import User, find_user, list_users
from homecare.kernel.ids import UserId
from tests.backoffice_web.agency import NOW, Agency, signed
from tests.builders import PASSWORD, make_area, make_user
from tests.features import feature

PAGE = "/reglages/comptes"
NEW = f"{PAGE}/nouveau"
CHOSEN = "quatre chats sur un toit"


def email(agency: Agency, name: str = "paul.henry") -> str:
    """Addresses are one account's in the whole installation: other tests have theirs."""
    return f"{name}.{agency.organisation}@exemple.fr"


def typed(agency: Agency, **changed: str) -> dict[str, str]:
    fields = {"name": "HENRY Paul", "email": email(agency), "role": "coordinator", "reach": "tous"}
    return fields | changed


def add(browser: FlaskClient, fields: dict[str, str]) -> tuple[int, str]:
    answer = browser.post(NEW, data=signed(browser, NEW, **fields))
    return answer.status_code, html.unescape(answer.text)


def link_in(page: str) -> str:
    found = re.search(r'class="invitation-link" href="([^"]+)"', page)
    assert found, page
    return urlsplit(found[1]).path


def account(agency: Agency, address: str) -> User:
    with agency.database.connect(agency.organisation) as conn:
        return next(user for user in list_users(conn, limit=50) if user.email == address)


def person(agency: Agency, role: Role = Role.COORDINATOR) -> tuple[UserId, FlaskClient]:
    browser = agency.browser()
    with agency.database.connect(agency.organisation) as conn:
        user = make_user(conn, role=role)
        browser.set_cookie(SESSION_COOKIE, open_session(conn, user, now=NOW))
    return user, browser


def enter(agency: Agency, address: str, password: str) -> tuple[int, FlaskClient]:
    browser = agency.browser()
    form = signed(browser, "/connexion", email=address, password=password)
    return browser.post("/connexion", data=form).status_code, browser


@feature("A7")
def test_an_account_is_added_its_person_chooses_a_password_and_opens_what_its_role_does(
    agency: Agency,
) -> None:
    director = agency.browser(Role.ADMINISTRATOR)
    status, page = add(director, typed(agency))
    assert status == 200
    link = link_in(page)
    assert f'href="mailto:{email(agency)}?subject=' in page

    newcomer = agency.browser()
    assert email(agency) in newcomer.get(link).text
    assert "12 caractères au moins" in newcomer.get(link).text
    short = newcomer.post(link, data=signed(newcomer, link, password="court"))
    assert (short.status_code, "au moins 12 caractères" in short.text) == (422, True)
    answer = newcomer.post(link, data=signed(newcomer, link, password=CHOSEN))
    assert (answer.status_code, answer.location) == (303, "/")
    assert newcomer.get("/planning").status_code == 200
    assert newcomer.get(PAGE).status_code == 403

    assert enter(agency, email(agency), CHOSEN)[0] == 303
    again = agency.browser().get(link)
    assert (again.status_code, "ne sert plus" in again.text) == (422, True)
    listed = director.get(PAGE).text
    assert "HENRY Paul" in listed
    assert "Coordinateur" in listed


def test_an_account_may_be_bound_to_areas(agency: Agency) -> None:
    with agency.database.connect(agency.organisation) as conn:
        make_area(conn)
    director = agency.browser(Role.ADMINISTRATOR)
    assert add(director, typed(agency, reach="certains", areas=str(agency.area)))[0] == 200
    assert account(agency, email(agency)).areas == [agency.area]


EMOJI = "\N{PARTY POPPER}"


@pytest.mark.parametrize(
    ("changed", "word"),
    [
        ({"name": EMOJI}, "Saisissez un nom."),
        ({"name": ""}, "Saisissez un nom."),
        ({"name": "A" * 100_000}, "80 caractères au plus"),
        ({"name": "A\0B"}, "caractère invisible"),
        ({"email": "paul"}, "adresse e-mail"),
        ({"email": "a" * 100_000 + "@exemple.fr"}, "adresse e-mail"),
        ({"email": EMOJI}, "adresse e-mail"),
        ({"role": ""}, "Choisissez un rôle."),
        ({"role": "worker"}, "choix"),
        ({"reach": ""}, "Choisissez les secteurs."),
        ({"reach": "certains"}, "Cochez au moins un secteur."),
        ({"reach": "certains", "areas": "999999"}, "secteur"),
        ({"role": "administrator", "reach": "certains", "areas": "AREA"}, "Un administrateur l’est de tous"),
    ],
)
def test_what_cannot_be_an_account_is_said_and_what_was_typed_given_back(
    agency: Agency, changed: dict[str, str], word: str
) -> None:
    changed = {name: value.replace("AREA", str(agency.area)) for name, value in changed.items()}
    director = agency.browser(Role.ADMINISTRATOR)
    before = director.get(PAGE).text.count("row-link")
    fields = typed(agency, **changed)
    status, page = add(director, fields)
    assert status == 422
    assert "À reprendre" in page
    assert word in page
    assert f'value="{fields["email"]}"' in page
    if "\0" not in fields["name"]:
        assert f'value="{fields["name"]}"' in page
    assert director.get(PAGE).text.count("row-link") == before


def test_an_address_serves_one_account(agency: Agency) -> None:
    director = agency.browser(Role.ADMINISTRATOR)
    add(director, typed(agency))
    status, page = add(director, typed(agency, name="AUTRE Personne", email=email(agency).upper()))
    assert status == 422
    assert "Cette adresse a déjà un compte." in page
    assert 'value="AUTRE Personne"' in page
    other, _browser = person(agency)
    address = f"{PAGE}/{other}"
    answer = director.post(address, data=signed(director, address, **typed(agency, role="auditor")))
    assert answer.status_code == 422
    assert "Cette adresse a déjà un compte." in answer.text
    with agency.database.connect(agency.organisation) as conn:
        assert find_user(conn, other).roles == ["coordinator"]


def test_a_role_that_is_changed_counts_from_the_next_page_on(agency: Agency) -> None:
    user, theirs = person(agency)
    director = agency.browser(Role.ADMINISTRATOR)
    address = f"{PAGE}/{user}"
    page = director.get(address).text
    assert re.search(r'<input checked[^>]*value="coordinator"', page)
    assert theirs.get("/optimisation").status_code == 403
    form = signed(director, address, **typed(agency, role="manager"))
    assert director.post(address, data=form).status_code == 303
    assert theirs.get("/optimisation").status_code == 200


def test_closing_asks_first_ends_the_sessions_and_can_be_undone(agency: Agency) -> None:
    user, theirs = person(agency)
    address = account_email(agency, user)
    director = agency.browser(Role.ADMINISTRATOR)
    page = director.get(f"{PAGE}/{user}").text
    assert re.search(r"<details[^>]*>(?:(?!</details>).)*/fermer", page, re.DOTALL)
    assert theirs.get("/planning").status_code == 200
    assert director.post(f"{PAGE}/{user}/fermer", data=signed(director, PAGE)).status_code == 303
    assert theirs.get("/planning").location == "/connexion?suite=%2Fplanning"
    assert enter(agency, address, PASSWORD)[0] == 422
    assert "fermé" in director.get(PAGE).text
    assert director.post(f"{PAGE}/{user}/rouvrir", data=signed(director, PAGE)).status_code == 303
    assert enter(agency, address, PASSWORD)[0] == 303


def account_email(agency: Agency, user: UserId) -> str:
    with agency.database.connect(agency.organisation) as conn:
        return find_user(conn, user).email


def test_a_new_password_is_given_by_a_link_and_the_old_one_is_void_at_once(agency: Agency) -> None:
    user, theirs = person(agency)
    address = account_email(agency, user)
    director = agency.browser(Role.ADMINISTRATOR)
    page = director.post(f"{PAGE}/{user}/mot-de-passe", data=signed(director, PAGE)).text
    assert theirs.get("/planning").status_code == 303
    assert enter(agency, address, PASSWORD)[0] == 422
    link = link_in(html.unescape(page))
    assert link not in director.get(f"{PAGE}/{user}").text
    browser = agency.browser()
    for _twice in range(2):
        assert browser.get(link).status_code == 200
    assert browser.post(link, data=signed(browser, link, password=CHOSEN)).status_code == 303
    assert enter(agency, address, CHOSEN)[0] == 303
    other = agency.browser()
    assert other.post(link, data=signed(other, "/connexion", password=CHOSEN)).status_code == 422


@pytest.mark.parametrize("token", ["x", "WzEsMSwiYSIsOTk5OTk5OTk5OV0.AAAA", "a" * 5_000, "%00", EMOJI])
def test_a_forged_link_is_refused_in_words(agency: Agency, token: str) -> None:
    answer = agency.browser().get(f"/mot-de-passe/lien/{token}")
    assert answer.status_code == 422
    assert "Ce lien est incomplet" in answer.text


def test_ones_own_account_is_renamed_but_neither_demoted_closed_nor_given_a_link(agency: Agency) -> None:
    user, director = person(agency, Role.ADMINISTRATOR)
    address = f"{PAGE}/{user}"
    page = director.get(address).text
    assert "/fermer" not in page
    assert 'name="role"' not in page
    form = signed(director, address, **typed(agency, name="MOREL Anne", role="auditor"))
    assert director.post(address, data=form).status_code == 303
    with agency.database.connect(agency.organisation) as conn:
        found = find_user(conn, user)
    assert (found.name, found.roles) == ("MOREL Anne", ["administrator"])
    for act, word in (("fermer", "votre propre compte"), ("mot-de-passe", "Mon mot de passe")):
        answer = director.post(f"{address}/{act}", data=signed(director, PAGE))
        assert answer.status_code == 422
        assert word in answer.text
    assert director.get(PAGE).status_code == 200


def test_somebody_changes_their_own_password_and_their_other_sessions_end(agency: Agency) -> None:
    user, here = person(agency)
    address = account_email(agency, user)
    _status, elsewhere = enter(agency, address, PASSWORD)
    own = "/mot-de-passe"
    wrong = here.post(own, data=signed(here, own, present="pas le mien du tout", password=CHOSEN))
    assert (wrong.status_code, "pas votre mot de passe actuel" in wrong.text) == (422, True)
    short = here.post(own, data=signed(here, own, present=PASSWORD, password="court"))
    assert (short.status_code, "au moins 12 caractères" in short.text) == (422, True)
    endless = here.post(own, data=signed(here, own, present=PASSWORD, password="a" * 100_000))
    assert (endless.status_code, "au plus 1024 caractères" in endless.text) == (422, True)
    assert here.post(own, data=signed(here, own, present=PASSWORD, password=CHOSEN)).status_code == 303
    assert here.get("/planning").status_code == 200
    assert elsewhere.get("/planning").status_code == 303
    assert enter(agency, address, CHOSEN)[0] == 303


def test_whoever_guesses_the_present_password_at_an_open_session_waits(agency: Agency) -> None:
    _user, here = person(agency)
    form = signed(here, "/mot-de-passe", present="pas le mien du tout", password=CHOSEN)
    answers = [here.post("/mot-de-passe", data=form).status_code for _ in range(9)]
    with agency.database.connect() as conn:
        conn.execute("DELETE FROM sign_in_failures")
    assert answers == [422] * 8 + [429]


def test_an_administrator_of_one_area_keeps_no_accounts(agency: Agency) -> None:
    bound = agency.browser(Role.ADMINISTRATOR, area=agency.area)
    assert bound.get(PAGE).status_code == 403
    settings = bound.get("/reglages").text
    assert PAGE not in settings
    assert "/reglages/numeros" in settings
