"""Fixtures of the fictional territory: drawn once a session, small, with its roads and map really built."""

from pathlib import Path

import pytest

from optimizer.roads.__main__ import main as build_roads
from simulators.territory.addresses import write_addresses
from simulators.territory.district import District, draw_district
from simulators.territory.pbf import write_pbf


@pytest.fixture(scope="session")
def district() -> District:
    return draw_district(seed=1, addresses=2_000)


@pytest.fixture(scope="session")
def roads_dir(district: District, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that the programs are given: extract, addresses, graphs and map."""
    folder = tmp_path_factory.mktemp("roads")
    write_pbf(folder / "territory.osm.pbf", district)
    write_addresses(folder / "addresses.csv", district.list_addresses())
    assert build_roads(["build", "--pbf", str(folder / "territory.osm.pbf"), "--out", str(folder)]) == 0
    return folder
