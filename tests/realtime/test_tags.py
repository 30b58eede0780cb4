"""Tags through the running core, as phones and previews meet them: the address, the punch, the refusals."""

import http.client
import urllib.parse
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from homecare.clients.tag_keys import draw_keys
from homecare.kernel.sealing import Sealer
from tests.features import feature
from tests.realtime.agency import Agency
from tests.realtime.browser import Reply, check_in, post_punch
from tests.tags import MadeTag, make_sun_tag


@dataclass(frozen=True, slots=True)
class Doorstep:
    """The worker before a tag of the home."""

    agency: Agency
    tag: MadeTag

    def punch(self, sun: str | None, *, tag: str = "", key: str | None = None) -> Reply:
        said = {} if sun is None else {"sun": sun}
        message = check_in(tag=tag or self.tag.token, **said)
        return post_punch(self.agency.settings, message, session=self.agency.worker_session, key=key)

    def tap(self, counter: int) -> Reply:
        return self.punch(self.tag.message(counter))

    def grades(self) -> list[str]:
        with self.agency.connect() as conn:
            return [proof for (proof,) in conn.execute("SELECT proof FROM punches ORDER BY id")]

    def refusals(self) -> list[str]:
        with self.agency.connect() as conn:
            return [status for (status,) in conn.execute("SELECT status FROM punch_refusals ORDER BY id")]


def stick_tag(agency: Agency) -> MadeTag:
    sealer = Sealer(agency.settings.tag_key)
    number = int(datetime.now(UTC).timestamp() * 1000) % 0xFFFFFFFF
    with agency.connect() as conn:
        return make_sun_tag(conn, agency.home.home, now=datetime.now(UTC), number=number, sealer=sealer)


@pytest.fixture
def doorstep(agency: Agency) -> Doorstep:
    return Doorstep(agency, stick_tag(agency))


@feature("N1")
def test_each_tap_is_checked_and_what_was_copied_is_refused_and_noted(doorstep: Doorstep) -> None:
    visit = doorstep.agency.plan_visit()
    tag = doorstep.tag
    clone = MadeTag(tag.token, tag.uid, draw_keys())

    arrival = doorstep.tap(4)
    assert (arrival.status, arrival.body["edge"], arrival.body["visit"]) == (201, "arrival", visit)
    refused = [doorstep.punch(None), doorstep.tap(4), doorstep.punch(clone.message(5))]
    plain = doorstep.punch(None, tag=doorstep.agency.home.tag)

    assert [reply.status for reply in refused] == [422] * 3
    assert all(str(reply.body["message"]).startswith("Pointage refusé") for reply in refused)
    assert doorstep.refusals() == [reply.body["refusal"] for reply in refused]
    assert doorstep.refusals() == ["tag_unproved", "tag_replayed", "tag_forged"]
    assert plain.status == 201
    assert doorstep.grades() == ["A", "C"]


def test_the_same_tap_sent_again_for_want_of_an_answer_gets_the_same_answer(doorstep: Doorstep) -> None:
    doorstep.agency.plan_visit()
    at = datetime.now(UTC).isoformat()
    message = check_in(tag=doorstep.tag.token, sun=doorstep.tag.message(4), at=at)
    session = doorstep.agency.worker_session
    replies = [
        post_punch(doorstep.agency.settings, message, session=session, key="same-key-twice") for _ in range(2)
    ]
    assert [reply.status for reply in replies] == [201, 200]
    assert doorstep.refusals() == []


def test_a_tap_at_another_agencys_tag_is_refused_and_noted_here_alone(
    doorstep: Doorstep, stranger: Agency
) -> None:
    foreign = stick_tag(stranger)
    reply = doorstep.punch(foreign.message(4), tag=foreign.token)
    assert (reply.status, doorstep.refusals()) == (422, ["foreign_code"])
    assert reply.body["refusal"] == "foreign_code"
    assert Doorstep(stranger, foreign).refusals() == []
    assert doorstep.agency.punches() == stranger.punches() == []


@pytest.mark.parametrize("cut", [1, 17, 32, 33])
def test_a_message_that_was_cut_or_garbled_is_refused(doorstep: Doorstep, cut: int) -> None:
    message = doorstep.tag.message(4)
    replies = [doorstep.punch(message[:-cut]), doorstep.punch(message[:cut] + "Z" + message[cut + 1 :])]
    assert [reply.status for reply in replies] == [422, 422]
    assert doorstep.agency.punches() == []
    assert doorstep.tap(4).status == 201


def open_address(agency: Agency, path: str) -> tuple[int, str]:
    """Open an address as a telephone or a preview does; return the status and where it leads."""
    link = http.client.HTTPConnection(
        agency.settings.realtime_host, agency.settings.realtime_port, timeout=10
    )
    link.request("GET", path)
    answer = link.getresponse()
    answer.read()
    link.close()
    return answer.status, answer.headers["Location"]


def test_the_tags_address_leads_to_the_workers_page_and_uses_nothing_up(doorstep: Doorstep) -> None:
    message = doorstep.tag.message(4)
    for _ in range(3):
        status, leads_to = open_address(doorstep.agency, f"/t/{doorstep.tag.token}?{message}")
        page = urllib.parse.urlsplit(leads_to)
        assert (status, page.path) == (303, "/moi/pointer")
        assert urllib.parse.parse_qs(page.query) == {"etiquette": [doorstep.tag.token], "preuve": [message]}
    assert doorstep.tap(4).status == 201


@pytest.mark.parametrize(
    "query", ["?e=00", "?suite=https://ailleurs.example", "?%0d%0aSet-Cookie:a=b", "?" + "e" * 900]
)
def test_nothing_else_of_an_address_is_passed_on(agency: Agency, query: str) -> None:
    assert open_address(agency, f"/t/abc{query}") == (303, "/moi/pointer?etiquette=abc")
