import fcntl
import threading
import wave
from datetime import date, time, timedelta
from pathlib import Path

import numpy as np
import pytest

from homecare.kernel.calendar import paris_instant
from simulators.day.cut import Cut, read_cut
from simulators.day.reckoning import AlertCount, ChannelCount
from simulators.day.report import Report, percentile
from simulators.day.tempo import Tempo
from simulators.day.turn import BusyError, take_turn
from simulators.handset.tunes import likeness, read_sound


def make_report(*, sent: int = 1, lost: int = 0, untold: int = 0, missed: int = 0) -> Report:
    return Report(
        settings={"day": "2026-11-24"},
        visits=1,
        channels={"phone": ChannelCount(sent=sent, lost=lost, untold=untold)},
        alerts=AlertCount(missed=missed),
        board_ms=[3.0, 1.0, 2.0],
        unseen=0,
        failures=[],
        latest_gesture_ms=0.0,
    )


def test_a_report_is_good_when_nothing_is_lost_and_no_alert_is_wrong() -> None:
    assert make_report().is_good
    assert not make_report(lost=1).is_good
    assert not make_report(missed=1).is_good


def test_a_report_says_the_same_as_json_and_as_text() -> None:
    report = make_report(lost=3)
    channels = report.as_json()["channels"]
    assert channels == {
        "phone": {
            "sent": 1, "acknowledged": 0, "stored": 0, "matched": 0, "unmatched": 0, "astray": 0,
            "duplicates": 0, "lost": 3, "untold": 0,
        }
    }  # fmt: skip
    assert "Quelque chose manque." in report.as_text()


def test_what_nobody_was_told_is_taken_is_not_said_to_have_been_promised() -> None:
    assert "Rien de confirmé n’est perdu." in make_report(lost=2, untold=2).as_text()
    assert "Rien de confirmé" not in make_report(lost=2, untold=1).as_text()
    assert not make_report(lost=2, untold=2).is_good


def test_a_day_on_which_nobody_punched_is_not_said_to_be_right() -> None:
    assert "Tout est juste." in make_report().as_text()
    assert "Aucun pointage n’a été joué." in make_report(sent=0).as_text()
    assert "Quelque chose manque." in make_report(sent=0, missed=1).as_text()


def test_percentiles_are_values_that_occurred() -> None:
    assert percentile([3.0, 1.0, 2.0], 50) == 2.0
    assert percentile([3.0, 1.0, 2.0], 99) == 3.0
    assert percentile([], 50) is None


def test_a_cut_is_read_and_lasts_real_seconds() -> None:
    cut = read_cut("database:08:10:60s")
    assert cut == Cut("postgresql", time(8, 10), 60)
    outage = cut.outage(date(2026, 11, 24), Tempo(60))
    assert outage.begins_at == paris_instant(date(2026, 11, 24), time(8, 10))
    assert outage.ends_at - outage.begins_at == timedelta(hours=1)


@pytest.mark.parametrize("text", ["database", "moon:08:10:60s", "database:8:10:60s", "database:08:10:60"])
def test_another_cut_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="database:08:10:60s"):
        read_cut(text)


def test_a_sentence_is_recognised_in_what_was_heard(tmp_path: Path) -> None:
    random = np.random.default_rng(1)
    tune, other = random.normal(0, 3000, 4000), random.normal(0, 3000, 4000)
    heard = np.concatenate([other, np.zeros(500), tune * 0.5, np.zeros(800)])
    with wave.open(str(tmp_path / "heard.wav"), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(heard.astype("<i2").tobytes())
    recording = read_sound(tmp_path / "heard.wav")
    assert likeness(recording, tune) > 0.95
    assert likeness(recording, random.normal(0, 3000, 4000)) < 0.3


def test_two_players_never_play_at_once(tmp_path: Path) -> None:
    with take_turn(tmp_path, gives_way=True), pytest.raises(BusyError), take_turn(tmp_path, gives_way=True):
        pass


def test_the_demonstration_gives_way_to_a_player_by_hand(tmp_path: Path) -> None:
    playing, taken = threading.Event(), threading.Event()

    def demonstrate() -> None:
        with take_turn(tmp_path, gives_way=True) as turn:
            playing.set()
            while not turn.is_wanted:
                pass

    demonstration = threading.Thread(target=demonstrate)
    demonstration.start()
    playing.wait(5)
    with take_turn(tmp_path, gives_way=False) as turn:
        taken.set()
        assert not turn.is_wanted
        demonstration.join(5)
    assert not (tmp_path / "day.yield").exists()


def test_a_lock_left_by_a_dead_player_hinders_nobody(tmp_path: Path) -> None:
    with (tmp_path / "day.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
    with take_turn(tmp_path, gives_way=True):
        pass
