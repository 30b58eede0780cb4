"""What takes something away asks first, and says what it does: no button removes at one press."""

import re
from dataclasses import dataclass

import pytest
from flask.testing import FlaskClient

from homecare.access.model import Role
from homecare.alerts.operations import set_rule
from homecare.clients.code_devices import add_code_device
from homecare.clients.operations import add_trait
from homecare.clients.sites import NewSite, SiteKind, agree_site
from homecare.kernel.sealing import Sealer
from homecare.workers.operations import add_skill, ban_trait, create_skill, note_refusal
from tests.backoffice_web.agency import NOW, Agency
from tests.builders import ACTOR, make_client, make_worker


@dataclass(frozen=True, slots=True)
class Pages:
    """Pages on which each thing that can be taken away stands once."""

    browser: FlaskClient
    client: str
    worker: str
    rules: str = "/alertes/seuils"

    def read(self, name: str) -> str:
        page = self.browser.get(str(getattr(self, name))).text
        return page.replace("\xa0", " ").replace("\u202f", " ").replace("’", "'")


@pytest.fixture
def pages(agency: Agency) -> Pages:
    with agency.database.connect(agency.organisation) as conn:
        home = make_client(conn, agency.area)
        worker = make_worker(conn, agency.organisation, agency.area).id
        site = NewSite(SiteKind.FAMILY, "Chez sa fille", "2 place du Marché", "99100", "La Chesnaye")
        agree_site(conn, ACTOR, home.client, site, now=NOW)
        add_trait(conn, home.client, "chien")
        note_refusal(conn, home.client, worker, reason="mésentente")
        sealer = Sealer("a master key for tests only")
        add_code_device(conn, ACTOR, home.home, "Tablette", sealer=sealer, now=NOW)
        ban_trait(conn, worker, "chat", reason="")
        add_skill(conn, worker, create_skill(conn, "Transfert"), level=1, since=NOW.date(), until=None)
        set_rule(conn, ACTOR, area=agency.area, now=NOW)
    browser = agency.browser(Role.ADMINISTRATOR)
    return Pages(browser, f"/beneficiaires/{home.client}", f"/intervenants/{worker}")


@pytest.mark.parametrize(
    ("page", "act", "consequence"),
    [
        ("client", "Retirer la ligne ", "il faudra y taper le code du domicile"),
        ("client", "Retirer l'étiquette ", "il faudra en poser une autre"),
        ("client", "Retirer le boîtier Tablette", "Ses codes ne prouveront plus rien"),
        ("client", "Retirer « Chez sa fille »", "ne pourront plus choisir ce lieu"),
        ("client", "Retirer « chien »", "pourront de nouveau être planifiés chez BELLANGER Odile"),
        ("client", "Permettre à ARNAUD Sonia d'y retourner", "le motif noté sera effacé"),
        ("worker", "Retirer « chat »", "pourra de nouveau être planifié"),
        ("worker", "Retirer lundi ", "n'est plus proposé à ces heures"),
        ("worker", "Retirer la compétence Transfert", "n'est plus proposé là où cette compétence est exigée"),
        ("rules", "Retirer la règle : ", "Une règle plus large s'appliquera"),
    ],
)
def test_each_removal_is_confirmed_in_words(pages: Pages, page: str, act: str, consequence: str) -> None:
    text = pages.read(page)
    opener = re.search(
        rf'<button type="button"[^>]* data-opens="([^"]+)"[^>]* aria-label="{re.escape(act)}', text
    )
    assert opener, act
    dialog = text[text.index(f'<dialog id="{opener[1]}"') :]
    dialog = dialog[: dialog.index("</dialog>")]
    assert consequence in dialog
    assert f'data-closes="{opener[1]}"' in dialog


@pytest.mark.parametrize("page", ["client", "worker", "rules"])
def test_no_removal_acts_outside_a_question(pages: Pages, page: str) -> None:
    text = re.sub(r"<dialog.*?</dialog>", "", pages.read(page), flags=re.DOTALL)
    acts = set(re.findall(r'action="([^"]*/retirer)"', text))
    assert acts == set()
    names = re.findall(r'<dialog id="(remove-[^"]+)"', pages.read(page))
    assert len(names) == len(set(names)) > 0
