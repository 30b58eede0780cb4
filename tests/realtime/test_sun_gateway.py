"""A tag that proves itself, from the card on the reader to the stored punch: nfcpy, gateway, MQTT, core."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from homecare.kernel.sealing import Sealer
from homecare.punches.operations import register_device
from simulators.nfc_card.field import Card, lay
from simulators.nfc_card.ntag424 import Ntag424, make_sun_card
from simulators.nfc_card.type2 import Type2Card
from tests.nfc_gateway.running import RunningGateway
from tests.realtime.agency import Agency
from tests.supervised import wait_until
from tests.tags import MadeTag, make_sun_tag

BADGE = Type2Card(bytes.fromhex("04EEEEEEEEEE01"))
"""Laid in between: the same card again within seconds would be a flicker."""


@dataclass(frozen=True, slots=True)
class Entrance:
    """A gateway's reader, and a card stuck there that was enrolled for the home."""

    agency: Agency
    gateway: RunningGateway
    tag: MadeTag
    card: Ntag424

    def tap(self, card: Card) -> None:
        before = self.gateway.kept()
        assert lay(card, self.gateway.reader_port, patience=20)
        wait_until(lambda: self.gateway.kept() > before)
        wait_until(lambda: self.gateway.health()["waiting"] == 0)

    def stored(self) -> list[tuple[str, int | None]]:
        """Return grade and home of what is stored."""
        with self.agency.connect() as conn:
            return conn.execute(
                """SELECT p.proof, m.home_id FROM punches p JOIN punch_matches m ON m.punch_id = p.id
                   WHERE m.home_id IS NOT NULL ORDER BY p.id"""
            ).fetchall()

    def refusals(self) -> list[tuple[str, int | None]]:
        with self.agency.connect() as conn:
            return conn.execute("SELECT status, home_id FROM punch_refusals ORDER BY id").fetchall()


@pytest.fixture
def entrance(agency: Agency, tmp_path: Path) -> Iterator[Entrance]:
    device, sealer = f"gw-{int(agency.called[-4:]):04d}", Sealer(agency.settings.tag_key)
    with agency.connect() as conn:
        register_device(conn, device, label="Lecteur", home=None)
        tag = make_sun_tag(
            conn, agency.home.home, now=datetime.now(UTC), number=0xAA0000 + agency.home.home, sealer=sealer
        )
    card = make_sun_card(
        tag.uid,
        f"{agency.settings.front_url}/t/{tag.token}",
        meta_key=tag.keys.meta,
        file_key=tag.keys.file,
        counter=10,
    )
    gateway = RunningGateway(agency.core, tmp_path, organisation=str(agency.organisation), device=device)
    gateway.start()
    try:
        yield Entrance(agency, gateway, tag, card)
    finally:
        gateway.kill()


def test_each_tap_is_stored_with_grade_a_and_a_card_that_repeats_one_is_refused(entrance: Entrance) -> None:
    entrance.tap(entrance.card)
    entrance.tap(BADGE)
    entrance.tap(entrance.card)
    entrance.tap(BADGE)
    home = entrance.agency.home.home
    assert entrance.stored() == [("A", home), ("A", home)]

    clone = make_sun_card(
        entrance.tag.uid,
        f"{entrance.agency.settings.front_url}/t/{entrance.tag.token}",
        meta_key=entrance.tag.keys.meta,
        file_key=entrance.tag.keys.file,
        counter=entrance.card.counter - 1,
    )
    entrance.tap(clone)

    assert entrance.refusals() == [("tag_replayed", home)]
    assert entrance.gateway.health()["dead"] == 1
