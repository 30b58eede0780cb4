"""How the gateway feels, as somebody on the same machine reads it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from nfc_gateway.health import Health, complaint, write_health

NOW = datetime(2026, 3, 2, 7, 58, tzinfo=UTC)
WELL = Health(NOW, connected=True, reader=True, waiting=0, dead=0, device="usb", tapped_at=NOW)


def said(path: Path, health: Health, *, later: timedelta = timedelta(0)) -> str | None:
    write_health(path, health)
    return complaint(path, now=NOW + later)


def test_all_is_well_when_reader_and_link_are_there(tmp_path: Path) -> None:
    assert said(tmp_path / "new" / "gw.json", WELL) is None


def test_what_is_missing_is_said(tmp_path: Path) -> None:
    path = tmp_path / "gw.json"
    assert complaint(path, now=NOW) == "La passerelle n’a jamais écrit son état."
    assert said(path, replace(WELL, reader=False)) == "Le lecteur de badges est absent."
    assert said(path, replace(WELL, connected=False, waiting=3)) == (
        "Pas de liaison avec le centre ; 3 pointage(s) en attente."
    )


def test_a_state_that_is_no_longer_written_is_a_gateway_that_no_longer_works(tmp_path: Path) -> None:
    answer = said(tmp_path / "gw.json", WELL, later=timedelta(seconds=31))
    assert answer is not None
    assert "plus signe de vie" in answer


def test_a_damaged_state_is_no_state(tmp_path: Path) -> None:
    path = tmp_path / "gw.json"
    for text in ("", "{}", "[]", '{"at": 3}'):
        path.write_text(text)
        assert complaint(path, now=NOW) is not None
