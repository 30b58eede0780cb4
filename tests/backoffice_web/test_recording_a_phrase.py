"""An administrator's own voice, in a real browser: chosen, refused, heard on the page, given back."""

from pathlib import Path

from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Locator, Page, Playwright, expect

from homecare.access.model import Role
from homecare.punches.own_prompts import list_prompts
from homecare.punches.prompt_sound import LARGEST_BYTES
from homecare.workers.model import Language
from tests.backoffice_web.browsing import signed_in
from tests.realtime.agency import Agency
from tests.recordings import Kind, recording
from tests.supervised import wait_until

RECORD_COMPRESSED = """async (input) => {
  const audio = new AudioContext();
  const tone = new OscillatorNode(audio, { frequency: 330 });
  const out = audio.createMediaStreamDestination();
  tone.connect(out);
  const recorder = new MediaRecorder(out.stream);
  const pieces = [];
  recorder.ondataavailable = (event) => pieces.push(event.data);
  const over = new Promise((done) => { recorder.onstop = done; });
  await audio.resume();
  tone.start();
  recorder.start();
  await new Promise((done) => setTimeout(done, 1200));
  recorder.stop();
  await over;
  const chosen = new DataTransfer();
  chosen.items.add(new File(pieces, "voix.webm", { type: recorder.mimeType }));
  input.files = chosen.files;
  return recorder.mimeType;
}"""
"""A second of sound in the browser's own compressed format, as a telephone's recorder makes it."""


def row(page: Page, phrase: str) -> Locator:
    return page.locator(f"li#{phrase}")


def choose(page: Page, phrase: str, file: Path) -> None:
    field = row(page, phrase).locator("input[type=file]")
    if not field.is_visible():
        row(page, phrase).get_by_text("Mettre votre voix").click()
    field.set_input_files(file)
    row(page, phrase).get_by_role("button", name="Utiliser ce son").click()


def test_a_phrase_is_recorded_heard_and_given_back_on_the_page(
    playwright: Playwright, running_agency: Agency, tmp_path: Path
) -> None:
    spoken, none = tmp_path / "voix.wav", tmp_path / "voix.mp3"
    spoken.write_bytes(recording())
    none.write_bytes(b"PK\x03\x04" + bytes(900))
    with signed_in(playwright, running_agency, Role.ADMINISTRATOR) as page:
        page.goto("/reglages")
        page.get_by_role("link", name="Voix du téléphone").click()
        choose(page, "code", none)
        expect(row(page, "code").get_by_role("alert")).to_contain_text("Enregistrez-le en WAV")
        choose(page, "code", spoken)
        expect(page.get_by_role("status")).to_contain_text("entendu dès les prochains appels")
        expect(row(page, "code")).to_contain_text("votre voix, 1,3")
        heard = row(page, "code").locator("audio")
        heard.evaluate("one => one.play()")
        wait_until(lambda: heard.evaluate("one => one.duration") > 1)
        for width in (1440, 360):
            page.set_viewport_size({"width": width, "height": 800})
            report = Axe().run(page)
            assert report.violations_count == 0, report.generate_report()
            assert page.evaluate("document.documentElement.scrollWidth") <= width
        row(page, "code").get_by_text("Revenir à la voix standard").first.click()
        row(page, "code").get_by_role("button", name="Effacer et revenir").click()
        expect(row(page, "code")).to_contain_text("voix standard")
    with running_agency.connect() as conn:
        assert list_prompts(conn, Language.FRENCH) == {}


def test_a_file_that_is_larger_than_is_taken_is_made_smaller_by_the_browser(
    playwright: Playwright, running_agency: Agency, tmp_path: Path
) -> None:
    large = tmp_path / "studio.wav"
    large.write_bytes(recording(kind=Kind.F32, rate=96_000, channels=2, seconds=16))
    assert large.stat().st_size > LARGEST_BYTES
    with signed_in(playwright, running_agency, Role.ADMINISTRATOR) as page:
        page.goto("/reglages/voix")
        choose(page, "code", large)
        expect(row(page, "code")).to_contain_text("votre voix, 16,")


def test_what_a_telephone_records_is_made_a_wav_file_by_the_browser(
    playwright: Playwright, running_agency: Agency
) -> None:
    with signed_in(playwright, running_agency, Role.ADMINISTRATOR) as page:
        page.goto("/reglages/voix?langue=ar")
        row(page, "thanks").get_by_text("Mettre votre voix").click()
        field = row(page, "thanks").locator("input[type=file]")
        assert "opus" in field.evaluate(RECORD_COMPRESSED)
        row(page, "thanks").get_by_role("button", name="Utiliser ce son").click()
        expect(row(page, "thanks")).to_contain_text("votre voix, 1,")
    with running_agency.connect() as conn:
        assert list(list_prompts(conn, Language.ARABIC)) == ["thanks"]
