"""The map of the day: one mark a home, the most urgent visit on it, credited to whoever drew the ground."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from backoffice_web.board.ground import OPENSTREETMAP, Ground, read_ground
from backoffice_web.board.places import mark
from backoffice_web.board.rows import classify
from backoffice_web.layout.vocabulary import Status
from homecare.access.model import Role
from homecare.alerts.model import BoardRow
from homecare.alerts.queries import board_rows
from homecare.kernel.calendar import paris_day
from homecare.kernel.ids import AlertId, HomeId
from tests.backoffice_web.agency import NOW, Agency, later
from tests.builders import make_client, make_visit, make_worker


def place_visits(agency: Agency) -> list[BoardRow]:
    """Plan three visits: two at one home, one at a home that is not on the map."""
    with agency.database.connect(agency.organisation) as conn:
        here, unplaced = make_client(conn, agency.area), make_client(conn, agency.area, last_name="Noël")
        conn.execute("UPDATE homes SET lon = 2.5, lat = 46.6 WHERE id = %s", (here.home,))
        worker = make_worker(conn, agency.organisation, agency.area).id
        for home, minutes in ((here, -20), (here, 200), (unplaced, 30)):
            make_visit(conn, home, worker, starts_at=later(minutes))
        return board_rows(conn, paris_day(NOW))


def test_a_home_has_one_mark_which_shows_its_most_urgent_visit(agency: Agency) -> None:
    visits = place_visits(agency)
    late = [replace(visits[0], alert_id=AlertId(1)), *visits[1:]]
    marks = mark(classify(late, NOW))
    (only,) = marks.placed
    assert (only.row.status, only.row.visit.visit_id) == (Status.LATE, visits[0].visit_id)
    assert (only.lon, only.lat, only.more) == (2.5, 46.6, 1)
    assert marks.unplaced == 1


def test_what_is_to_come_stands_before_what_is_over_and_the_urgent_is_drawn_last(agency: Agency) -> None:
    first, *_ = place_visits(agency)
    done = replace(first, arrived_at=first.starts_at, left_at=NOW - timedelta(minutes=1))
    to_come = replace(first, starts_at=later(200), ends_at=later(260))
    assert [m.row.status for m in mark(classify([done, to_come], NOW)).placed] == [Status.DUE]
    late = replace(first, home_id=HomeId(first.home_id + 1000), alert_id=AlertId(1))
    statuses = [m.row.status for m in mark(classify([late, done], NOW)).placed]
    assert statuses == [Status.DONE, Status.LATE]


def test_a_cancelled_visit_has_no_mark(agency: Agency) -> None:
    first, *_ = place_visits(agency)
    assert mark(classify([replace(first, cancelled_at=NOW)], NOW)).placed == ()


def test_the_marks_say_word_and_shape_and_count_who_has_no_place(agency: Agency) -> None:
    place_visits(agency)
    piece = agency.browser(Role.COORDINATOR).get("/tableau/carte").text
    assert 'data-lat="46.6" data-lon="2.5"' in piece
    assert "BELLANGER Odile" in piece
    assert "Attendu" in piece
    assert "1 domicile sans position" in piece.replace("\u00a0", " ")


def test_the_ground_is_credited_as_its_maker_wrote_down(tmp_path: Path) -> None:
    (tmp_path / "map.stamp.json").write_text('{"attribution": "Territoire fictif"}')
    assert read_ground("", tmp_path) == Ground("/tiles/map.pmtiles", "Territoire fictif")
    assert read_ground("", tmp_path / "nowhere").credit == OPENSTREETMAP
    assert read_ground("https://tuiles.exemple.fr/{z}/{x}/{y}.png", tmp_path).credit == OPENSTREETMAP
