"""Codes of a day centre's tablet: taken within their minute, once by each worker; a copy proves nothing."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest

from homecare.clients.sites import NewSite, SiteKind, agree_site
from homecare.clients.tablets import enrol_tablet, invite_tablet, revoke_tablet
from homecare.kernel import db
from homecare.kernel.errors import NotFoundError
from homecare.kernel.ids import OrganisationId, SiteId, TabletId, WorkerId
from homecare.punches.model import Channel, Claim, Proof, SignedInWorker, SiteCode, claim_record, read_claim
from homecare.punches.operations import record
from homecare.punches.site_codes import CodeRefusal, Reading, judge_code, make_code, moment_of
from tests.builders import ACTOR, CODE_KEY, MORNING, make_area, make_client, make_visit, make_worker

CENTRE = NewSite(SiteKind.DAY_CENTRE, "Les Tilleuls", "2 place du Marché", "99100", "La Chesnaye")
# In the middle of a half minute.
SEEN = datetime(2026, 11, 24, 7, 0, 12, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Stand:
    """A tablet that serves, its site, a worker whose visit is there."""

    conn: db.Conn
    organisation: OrganisationId
    site: SiteId
    tablet: TabletId
    worker: WorkerId

    def code(self, *, at: datetime = SEEN) -> str:
        return make_code(CODE_KEY, self.organisation, self.tablet, moment_of(at))

    def read(self, code: str, *, after: float = 5, late: float = 0, key: str = "first-punch") -> Reading:
        """Return what the worker's phone reads so many seconds after `SEEN`, sent so many seconds later."""
        at = SEEN + timedelta(seconds=after)
        return Reading(code, self.worker, key, at, at + timedelta(seconds=late))

    def judge(self, reading: Reading) -> SiteCode | CodeRefusal:
        return judge_code(self.conn, CODE_KEY, self.organisation, reading)


@pytest.fixture
def stand(conn: db.Conn, organisation: OrganisationId) -> Stand:
    area = make_area(conn)
    home = make_client(conn, area)
    worker = make_worker(conn, organisation, area).id
    make_visit(conn, home, worker)
    site = agree_site(conn, ACTOR, home.client, CENTRE, now=MORNING)
    tablet, token = invite_tablet(conn, ACTOR, site, label="Entrée", now=MORNING)
    enrol_tablet(conn, token, now=MORNING)
    return Stand(conn, organisation, site, tablet, worker)


def test_the_code_of_the_moment_is_graded_b_and_its_punch_finds_the_visit(stand: Stand) -> None:
    proved = stand.judge(stand.read(stand.code()))
    assert proved == SiteCode(stand.site, stand.tablet, moment_of(SEEN), is_fresh=True)
    claim = Claim(
        organisation=stand.organisation,
        channel=Channel.QR,
        source_ref="1",
        punched_at=SEEN,
        where=proved,
        who=SignedInWorker(stand.worker),
    )
    assert claim.proof() is Proof.B
    assert read_claim(claim_record(claim)) == claim
    (receipt,) = record(stand.conn, [claim], core_instance="test", now=SEEN)
    assert receipt.visit is not None


def test_a_code_that_arrives_late_rests_on_the_telephones_clock_and_is_graded_c(stand: Stand) -> None:
    proved = stand.judge(stand.read(stand.code(), late=600))
    assert isinstance(proved, SiteCode)
    claim = Claim(stand.organisation, Channel.QR, "1", SEEN, where=proved)
    assert (proved.is_fresh, claim.proof()) == (False, Proof.C)


@pytest.mark.parametrize("after", [-18, 49, 600, 86_400])
def test_a_copied_photograph_is_refused_outside_its_life(stand: Stand, after: float) -> None:
    assert stand.judge(stand.read(stand.code(), after=after)) is CodeRefusal.EXPIRED


@pytest.mark.parametrize("after", [-12, 0, 47])
def test_there_is_time_to_aim_and_to_press(stand: Stand, after: float) -> None:
    assert isinstance(stand.judge(stand.read(stand.code(), after=after)), SiteCode)


def test_each_worker_uses_a_code_once_and_the_same_punch_sent_again_is_no_second_use(stand: Stand) -> None:
    code = stand.code()
    assert isinstance(stand.judge(stand.read(code)), SiteCode)
    assert isinstance(stand.judge(stand.read(code)), SiteCode)
    assert stand.judge(stand.read(code, key="second-punch")) is CodeRefusal.REUSED
    other = make_worker(stand.conn, stand.organisation, make_area(stand.conn), last_name="Koné").id
    assert isinstance(stand.judge(replace(stand.read(code, key="second-punch"), worker=other)), SiteCode)


def test_a_forged_code_another_organisations_and_another_tablets_prove_nothing(stand: Stand) -> None:
    tablet, moment, mac = stand.code().split(".")
    next_one = int(moment) + 1
    elsewhere = make_code(CODE_KEY, OrganisationId(stand.organisation + 1), stand.tablet, int(moment))
    for code in (
        f"{tablet}.{moment}.{'A' * 16}",
        f"{tablet}.{next_one}.{mac}",
        f"{stand.tablet + 1}.{moment}.{mac}",
        make_code("another installation's key", stand.organisation, stand.tablet, int(moment)),
        elsewhere,
        "",
        "1.2",
        f"{tablet}.{moment}.{mac}x",
        f"0{tablet}.{moment}.{mac}",
    ):
        assert stand.judge(stand.read(code)) is CodeRefusal.FORGED, code


def test_a_revoked_tablets_code_is_taken_no_more(stand: Stand) -> None:
    revoke_tablet(stand.conn, ACTOR, stand.tablet, now=MORNING)
    assert stand.judge(stand.read(stand.code())) is CodeRefusal.EXPIRED
    with pytest.raises(NotFoundError):
        revoke_tablet(stand.conn, ACTOR, stand.tablet, now=MORNING)
