"""The enrolment station against the running product: a code of the office, a blank card, a first punch."""

import os
import subprocess
import sys
import threading
from dataclasses import dataclass
from datetime import timedelta

import pytest

from homecare.clients.tag_enrolment import begin_enrolment
from homecare.clients.tags import TagCard, TagKind, list_tags
from homecare.kernel.sealing import Sealer
from simulators.nfc_card.field import Card, lay
from simulators.nfc_card.ntag424 import Ntag424
from simulators.nfc_card.type2 import BlankType2Card, Type2Card
from tests.builders import actor_of, make_user
from tests.nfc_gateway.running import free_udp_port
from tests.realtime.agency import Agency
from tests.realtime.browser import check_in, post_punch

WRITING_SECONDS = 8.0


@dataclass
class Station:
    """A station beside a reader, and the office that orders tags for the agency's home."""

    agency: Agency
    port: int

    def order(self, kind: TagKind, *, minutes_ago: int = 0) -> str:
        sealer = Sealer(self.agency.settings.tag_key)
        now = self.agency.now() - timedelta(minutes=minutes_ago)
        with self.agency.connect() as conn:
            office = actor_of(make_user(conn))
            return begin_enrolment(conn, office, self.agency.home.home, kind, sealer=sealer, now=now)

    def run(self, code: str, card: Card | None) -> "subprocess.CompletedProcess[str]":
        """Run the station with this code while the card lies on its reader."""
        laid = threading.Thread(
            target=lay, args=(card, self.port), kwargs={"patience": 40, "hold": WRITING_SECONDS}
        )
        if card is not None:
            laid.start()
        answer = subprocess.run(  # noqa: S603 - our own program
            [sys.executable, "-m", "nfc_gateway.station", code],
            env={
                **os.environ,
                "PONCTUEL_ENV_FILE": os.devnull,
                "PONCTUEL_FRONT_URL": self.agency.settings.front_url,
                "PONCTUEL_GATEWAY_PASSWORD": "of no use here",
                "PONCTUEL_GATEWAY_READER": f"udp:127.0.0.1:{self.port}",
            },
            capture_output=True,
            text=True,
            timeout=90,
            check=False,
        )
        if card is not None:
            laid.join()
        return answer

    def tags(self) -> list[TagCard]:
        with self.agency.connect() as conn:
            return [tag for tag in list_tags(conn, self.agency.home.home) if tag.uid is not None]

    def grades(self) -> list[str]:
        with self.agency.connect() as conn:
            return [grade for (grade,) in conn.execute("SELECT proof FROM punches ORDER BY id")]


@pytest.fixture
def station(running_agency: Agency) -> Station:
    return Station(running_agency, free_udp_port())


def uid_of(agency: Agency, kind: int) -> bytes:
    """A chip of its own for each test of the run."""
    return bytes([4, kind]) + agency.home.home.to_bytes(5)


def read_query(card: Ntag424) -> tuple[str, str]:
    """Read the card as a telephone does; return the token and what it says."""
    card.apdu(bytes.fromhex("00A4040007D276000085010100"))
    card.apdu(bytes.fromhex("00A4000C02E104"))
    length = card.apdu(bytes.fromhex("00B0000002"))[1]
    said = card.apdu(bytes([0, 0xB0, 0, 7, length - 5]))[:-2].decode()
    token, _, query = said.partition("/t/")[2].partition("?")
    return token, query


def test_a_blank_424_becomes_a_tag_that_proves_itself_and_the_code_is_used_up(station: Station) -> None:
    agency = station.agency
    agency.plan_visit()
    card = Ntag424(uid_of(agency, 1))
    code = station.order(TagKind.SUN)

    answer = station.run(code, card)

    assert (answer.returncode, answer.stderr) == (0, "")
    assert "elle se prouve à chaque passage" in answer.stdout
    (tag,) = station.tags()
    assert (tag.kind, tag.uid) == ("sun", card.uid)
    assert all(key.hex() not in answer.stdout for key in card.keys if any(key))
    token, said = read_query(card)
    assert token == tag.token
    reply = post_punch(agency.settings, check_in(tag=token, sun=said), session=agency.worker_session)
    assert (reply.status, station.grades()) == (201, ["A"])

    again = station.run(code, None)
    assert (again.returncode, "déjà servi" in again.stderr) == (1, True)
    assert len(station.tags()) == 1


def test_a_plain_tag_is_written_and_read_back_and_takes_the_lower_grade(station: Station) -> None:
    agency = station.agency
    agency.plan_visit()
    card = BlankType2Card(uid_of(agency, 2))

    answer = station.run(station.order(TagKind.PLAIN), card)

    assert (answer.returncode, answer.stderr) == (0, "")
    (tag,) = station.tags()
    assert (tag.kind, tag.uid) == ("plain", card.uid)
    assert f"/t/{tag.token}".encode() in card.memory()
    reply = post_punch(agency.settings, check_in(tag=tag.token), session=agency.worker_session)
    assert (reply.status, station.grades()) == (201, ["C"])


def test_a_tag_that_is_enrolled_already_or_takes_nothing_is_refused_in_words(station: Station) -> None:
    written = Type2Card(uid_of(station.agency, 3))
    stubborn = station.run(station.order(TagKind.PLAIN), written)
    assert (stubborn.returncode, "ne se laisse pas écrire" in stubborn.stderr) == (1, True)
    card = BlankType2Card(uid_of(station.agency, 4))
    assert station.run(station.order(TagKind.PLAIN), card).returncode == 0
    twice = station.run(station.order(TagKind.PLAIN), card)
    assert (twice.returncode, "déjà posée" in twice.stderr) == (1, True)
    assert len(station.tags()) == 1


def test_a_code_that_is_forged_or_too_old_orders_nothing(station: Station) -> None:
    for code in ("forged", "x" * 200, station.order(TagKind.SUN, minutes_ago=31)):
        answer = station.run(code, None)
        assert answer.returncode == 1
        assert "code de pose" in answer.stderr or "illisible" in answer.stderr
    assert station.tags() == []
