"""The ledger's page: what is sealed is seen and taken away by who may, whole or not at all."""

import io
import zipfile
from datetime import timedelta

import pytest

from backoffice_web.layout.formats import short_moment
from homecare.access.model import Role
from homecare.kernel import db
from homecare.punches.ledger import verify_ledger
from homecare.punches.ledger.sealing import list_seals, seal_days
from homecare.punches.ledger.stamp import Stamp
from homecare.punches.ledger.stamping import keep_stamp
from homecare.punches.model import Channel, Claim
from homecare.punches.operations import record
from tests.backoffice_web.agency import NOW, Agency, signed
from tests.features import feature

PAGE = "/pointages/registre"
PERIOD = {"first": "2026-11-01", "last": "2026-11-24"}


@pytest.fixture
def sealed(agency: Agency) -> Agency:
    """An agency that took two punches three days ago."""
    before = NOW - timedelta(days=3)
    with agency.database.connect(agency.organisation) as conn:
        claims = [Claim(agency.organisation, Channel.BOX, reference, before) for reference in ("one", "two")]
        record(conn, claims, core_instance="core-1", now=before)
        seal_days(conn, agency.organisation, now=NOW)
    return agency


@feature("N7")
@pytest.mark.parametrize("role", [Role.AUDITOR, Role.MANAGER, Role.ADMINISTRATOR])
def test_the_archive_taken_from_the_page_is_found_intact_and_leaves_a_trace(
    sealed: Agency, role: Role, tmp_path_factory: pytest.TempPathFactory
) -> None:
    browser = sealed.browser(role)
    answer = browser.post(PAGE, data=signed(browser, PAGE, **PERIOD))
    assert (
        answer.headers["Content-Disposition"] == 'attachment; filename="registre-2026-11-21-2026-11-23.zip"'
    )
    archive = tmp_path_factory.mktemp("auditor") / "registre.zip"
    archive.write_bytes(answer.data)
    answer.close()
    assert "verify_ledger.py" in zipfile.ZipFile(io.BytesIO(archive.read_bytes())).namelist()
    assert verify_ledger.main([str(archive)]) == 0
    with sealed.database.connect(sealed.organisation) as conn:
        traces = db.values(conn, str, "SELECT actor FROM audit_events WHERE action = 'punches.export_ledger'")
    assert len(traces) == 1


def test_each_sealed_day_is_shown_with_its_seal(sealed: Agency) -> None:
    page = sealed.browser(Role.AUDITOR).get(PAGE).text
    with sealed.database.connect(sealed.organisation) as conn:
        seals = list_seals(conn, since=NOW.date() - timedelta(days=9), until=NOW.date())
    assert [one.lines for one in seals] == [2, 0, 0]
    for one in seals:
        assert one.seal.hex() in page


def test_before_the_first_night_the_page_says_when_the_first_seal_will_be(agency: Agency) -> None:
    assert "la nuit qui suit le premier pointage" in agency.browser(Role.AUDITOR).get(PAGE).text


@pytest.mark.parametrize(
    ("first", "last", "sentence"),
    [
        ("", "2026-11-24", "Choisissez le premier jour."),
        ("2026-11-24", "2026-11-01", "Le dernier jour précède le premier."),
        ("2025-01-01", "2025-01-31", "Aucun jour de cette période n’est scellé."),
    ],
)
def test_a_period_that_holds_nothing_is_refused_with_its_reason(
    sealed: Agency, first: str, last: str, sentence: str
) -> None:
    browser = sealed.browser(Role.AUDITOR)
    answer = browser.post(PAGE, data=signed(browser, PAGE, first=first, last=last))
    assert answer.status_code == 422
    assert sentence in answer.text


def test_whoever_works_for_one_area_does_not_take_the_whole_ledger(sealed: Agency) -> None:
    browser = sealed.browser(Role.AUDITOR, area=sealed.area)
    answer = browser.get(PAGE)
    assert answer.status_code == 403
    assert "limité à un secteur" in answer.text


def test_a_day_that_an_authority_stamped_shows_when_and_its_archive_carries_the_token(sealed: Agency) -> None:
    stamped = Stamp(b"a token", NOW - timedelta(hours=1))
    assert "Horodatage" not in sealed.browser(Role.AUDITOR).get(PAGE).text
    with sealed.database.connect(sealed.organisation) as conn:
        keep_stamp(conn, NOW.date() - timedelta(days=1), stamped, now=NOW)
    browser = sealed.browser(Role.AUDITOR)
    page = browser.get(PAGE).text
    assert short_moment(stamped.at, NOW.date() - timedelta(days=1)) in page
    assert page.count("pas encore") == 2
    answer = browser.post(PAGE, data=signed(browser, PAGE, **PERIOD))
    content = answer.data
    answer.close()
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.read("stamps/2026-11-23.tst") == b"a token"
