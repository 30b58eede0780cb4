"""A worker's day in an iPhone's engine, with nothing installed: taps by the tag's address, cuts, own word."""

from homecare.kernel.audit import ByUser
from homecare.workers.phones import invite
from tests.backoffice_web.worker.front import stored_punches, worker_of
from tests.backoffice_web.worker.iphone import IPhone
from tests.backoffice_web.worker.keys import KEYS, SEALED, flags
from tests.backoffice_web.worker.taps import grades, read_address, refusals, stick_card
from tests.builders import make_user
from tests.features import feature
from tests.realtime.agency import Agency
from tests.supervised import wait_until

# By how much the page, or what lies over it, is too wide; which buttons are cut or no size for a finger.
TOO_WIDE = """() => {
  const over = [...document.querySelectorAll("dialog[open]")].at(-1) ?? document.documentElement;
  const { scrollWidth, clientWidth } = over;
  const shown = [...document.querySelectorAll("main button, main a, dialog[open] button, dialog[open] a")]
    .filter((one) => one.checkVisibility());
  const isCut = (one) => one.scrollWidth > one.clientWidth + 1;
  const wrong = shown.filter((one) => isCut(one) || one.offsetHeight < 48 || one.offsetHeight > 320);
  return [scrollWidth - clientWidth, ...wrong.map((one) => one.innerText)];
}"""
LARGE_TEXT = "() => { document.documentElement.style.fontSize = '200%'; }"
MISSING_FONTS = "() => [...document.fonts].filter((font) => font.status === 'error').length"


@feature("G4")
def test_an_invitation_makes_a_key_that_outlives_a_reload_and_signs_the_workers_word(
    iphone: IPhone, running_agency: Agency
) -> None:
    running_agency.plan_visit()
    with running_agency.connect() as conn:
        manager = ByUser(make_user(conn))
        token = invite(conn, manager, running_agency.worker.id, now=running_agency.now())
    page = iphone.browser
    iphone.open(f"/moi/inscription/{token}")
    page.press("Inscrire ce téléphone")
    page.see("BELLANGER Odile")
    page.press("Sans badge")
    page.see("Arrivée enregistrée")
    page.see("déclaré, niveau D")
    iphone.leave_answer()
    (before,) = page.run(KEYS)
    page.reload()
    page.press("Sans badge")
    page.see("Départ enregistré")
    (after,) = page.run(KEYS)
    assert (before["escapes"], before["number"], after["number"]) == (False, 1, 2)
    assert before["phone"] == after["phone"]
    assert flags(running_agency) == [[], []]
    assert grades(running_agency) == ["D", "D"]


@feature("G4", "N2")
def test_a_tag_opens_its_page_and_counts_more_than_the_workers_word(
    iphone: IPhone, running_agency: Agency
) -> None:
    visit = running_agency.plan_visit()
    page = iphone.browser
    iphone.open(f"/t/{running_agency.home.tag}")
    iphone.fill_sign_in(worker_of(running_agency))
    page.see("Étiquette lue")
    assert stored_punches(running_agency, visit) == []
    page.press("Arrivée")
    page.see("Arrivée enregistrée")
    page.see("étiquette NFC, niveau C")
    iphone.leave_answer()
    page.see("En cours depuis")
    page.press("Sans badge")
    page.see("Départ enregistré")
    page.see("déclaré, niveau D")
    assert [punch[:2] for punch in stored_punches(running_agency, visit)] == [
        ("nfc", "arrival"),
        ("app", "departure"),
    ]
    assert grades(running_agency) == ["C", "D"]


@feature("G4")
def test_a_tap_without_network_is_kept_and_signed_and_stored_once(
    iphone: IPhone, running_agency: Agency
) -> None:
    visit = running_agency.plan_visit()
    card = stick_card(running_agency)
    page = iphone.browser
    iphone.sign_in(worker_of(running_agency))
    running_agency.core.command("stop nginx")
    try:
        iphone.open(read_address(card))
        page.see("Étiquette lue")
        page.see("vous pouvez pointer")
        page.press("Arrivée")
        page.see("Arrivée gardée ici")
        gesture = running_agency.now()
        iphone.leave_answer()
        page.reload()
        page.see("1\u00a0pointage gardé ici")
        assert page.run(SEALED) == [True]
        assert page.run(MISSING_FONTS) == 0
    finally:
        running_agency.core.command("start nginx")
    page.press("Réessayer maintenant")
    wait_until(lambda: len(stored_punches(running_agency, visit)) == 1, seconds=60)
    wait_until(lambda: page.run(SEALED) == [])
    ((channel, edge, at),) = stored_punches(running_agency, visit)
    assert (channel, edge) == ("nfc", "arrival")
    assert at <= gesture
    assert running_agency.punches() == [("nfc", "arrival", None)]
    assert (flags(running_agency), grades(running_agency), refusals(running_agency)) == ([[]], ["A"], [])


@feature("G4")
def test_a_page_that_reads_no_tag_says_how_to_and_offers_the_workers_word(
    iphone: IPhone, running_agency: Agency
) -> None:
    running_agency.plan_visit()
    page = iphone.browser
    iphone.sign_in(worker_of(running_agency))
    page.press("Étiquette NFC")
    page.see("la page de pointage s’ouvre toute seule")
    page.press("Sans badge")
    page.see("Arrivée enregistrée")
    page.see("déclaré, niveau D")
    assert grades(running_agency) == ["D"]


def test_every_page_fits_its_width_and_every_button_a_finger_with_a_text_twice_as_large(
    iphone: IPhone, running_agency: Agency
) -> None:
    running_agency.plan_visit()
    page = iphone.browser
    iphone.open("/connexion")
    page.run(LARGE_TEXT)
    assert page.run(TOO_WIDE) == [0]
    iphone.sign_in(worker_of(running_agency))
    for enlarge in ("() => {}", LARGE_TEXT):
        for path in ("/moi/pointages", f"/t/{running_agency.home.tag}", "/moi"):
            iphone.open(path)
            page.run(enlarge)
            assert page.run(TOO_WIDE) == [0], (path, enlarge)
        for reader in ("Étiquette NFC", "Scanner le code"):
            page.press(reader)
            assert page.run(TOO_WIDE) == [0], (reader, enlarge)
            page.press("Annuler")
    for word in ("Sans badge", "Ce n’est pas exact", "Fermer", "Revenir à ma journée", "Frais, kilomètres"):
        page.press(word)
        page.see("BELLANGER")
        assert page.run(TOO_WIDE) == [0], word
