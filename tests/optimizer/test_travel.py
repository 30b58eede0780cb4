from pathlib import Path

import numpy as np
import pytest
from ortools.sat.python import cp_model

from optimizer.travel import EstimatedTravel, Mode, Point, RoadTravel, TravelMatrix, open_travel
from simulators.territory.addresses import pick_addresses, read_addresses


@pytest.fixture(scope="module")
def homes(roads_dir: Path) -> list[Point]:
    addresses = read_addresses(roads_dir / "addresses.csv")
    return [Point(address.lon, address.lat) for address in pick_addresses(addresses, 400, seed=5)]


@pytest.fixture(scope="module")
def matrices(roads_dir: Path, homes: list[Point]) -> dict[Mode, TravelMatrix]:
    travel = open_travel(roads_dir)
    return {mode: travel.matrix(homes, mode=mode) for mode in Mode}


@pytest.mark.parametrize("mode", list(Mode))
def test_homes_of_the_district_are_reached_from_each_other(
    matrices: dict[Mode, TravelMatrix], mode: Mode
) -> None:
    matrix = matrices[mode]
    assert not matrix.estimated
    assert matrix.guessed.mean() <= 0.005
    assert (matrix.seconds[~np.eye(400, dtype=bool)] >= 0).all()
    assert (np.diag(matrix.seconds) == 0).all()


def test_one_way_streets_make_there_and_back_differ(matrices: dict[Mode, TravelMatrix]) -> None:
    seconds = matrices[Mode.CAR].seconds
    assert (np.abs(seconds - seconds.T) > 10).mean() > 0.02


def test_a_car_is_faster_than_a_bike_and_a_bike_than_walking(matrices: dict[Mode, TravelMatrix]) -> None:
    car, bike, foot = (float(matrices[mode].seconds.mean()) for mode in (Mode.CAR, Mode.BIKE, Mode.FOOT))
    assert 2 * car < bike
    assert 2 * bike < foot


def test_walkers_take_ways_that_cars_cannot(matrices: dict[Mode, TravelMatrix]) -> None:
    assert (matrices[Mode.FOOT].metres < 0.9 * matrices[Mode.CAR].metres).any()


def test_roads_are_longer_than_the_bird_flies(homes: list[Point], matrices: dict[Mode, TravelMatrix]) -> None:
    estimate = EstimatedTravel().matrix(homes, mode=Mode.CAR)
    ratio = matrices[Mode.CAR].metres.sum() / estimate.metres.sum()
    assert 0.7 < ratio < 1.4


def test_a_home_off_the_map_is_guessed_and_said_so(roads_dir: Path, homes: list[Point]) -> None:
    far = Point(homes[0].lon + 2.0, homes[0].lat)
    matrix = RoadTravel(roads_dir).matrix([homes[0], far, homes[1]], mode=Mode.CAR)
    assert matrix.guessed.tolist() == [[False, True, False], [True, False, True], [False, True, False]]
    assert matrix.seconds[0, 1] > 3_600
    assert not matrix.estimated


def test_without_a_graph_the_whole_matrix_is_an_estimate_and_says_so(
    tmp_path: Path, homes: list[Point]
) -> None:
    matrix = open_travel(tmp_path).matrix(homes[:20], mode=Mode.BIKE)
    assert matrix.estimated
    assert matrix.guessed.sum() == 20 * 19
    assert (matrix.seconds == matrix.seconds.T).all()


def test_an_estimate_is_the_geodesic_times_a_detour() -> None:
    # Paris to Chartres, about 77 km as the bird flies.
    paris, chartres = Point(2.3522, 48.8566), Point(1.4875, 48.4469)
    metres = int(EstimatedTravel().matrix([paris, chartres], mode=Mode.CAR).metres[0, 1])
    assert metres / 1.35 == pytest.approx(78_300, rel=0.01)


def test_asking_again_gives_the_matrix_already_measured(roads_dir: Path, homes: list[Point]) -> None:
    travel = RoadTravel(roads_dir)
    first = travel.matrix(homes[:30], mode=Mode.CAR)
    assert travel.matrix(homes[:30], mode=Mode.CAR) is first
    assert travel.matrix(homes[:30], mode=Mode.FOOT) is not first


def test_no_home_gives_an_empty_matrix(roads_dir: Path) -> None:
    assert RoadTravel(roads_dir).matrix([], mode=Mode.CAR).seconds.shape == (0, 0)


def test_a_matrix_cannot_be_changed(matrices: dict[Mode, TravelMatrix]) -> None:
    with pytest.raises(ValueError, match="read-only"):
        matrices[Mode.CAR].seconds[0, 1] = 0


def test_a_place_outside_the_world_is_refused() -> None:
    with pytest.raises(ValueError, match="no such place"):
        Point(2.0, 200.0)


def test_the_road_engine_and_the_solver_work_in_one_process(matrices: dict[Mode, TravelMatrix]) -> None:
    seconds = matrices[Mode.CAR].seconds[:8, :8]
    model = cp_model.CpModel()
    arcs = [(i, j, model.new_bool_var(f"{i} {j}")) for i in range(8) for j in range(8) if i != j]
    model.add_circuit(arcs)
    model.minimize(sum(int(seconds[i, j]) * used for i, j, used in arcs))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers, solver.parameters.random_seed = 1, 1
    assert solver.solve(model) == cp_model.OPTIMAL
    assert sum(solver.value(used) for _, _, used in arcs) == 8
