"""The sample agency remembers on which map it was made."""

from pathlib import Path

from simulators.demo.on_map import OnMap


def test_another_map_is_noticed_and_the_same_one_or_none_remembered_is_not(tmp_path: Path) -> None:
    addresses = tmp_path / "addresses.csv"
    addresses.write_text("number,street\n1,Rue Haute\n")
    on_map = OnMap(tmp_path, addresses)
    assert not on_map.is_another()
    on_map.remember()
    assert not on_map.is_another()
    addresses.write_text("number,street\n1,Rue Basse\n")
    assert on_map.is_another()
    addresses.unlink()
    assert on_map.is_another()
