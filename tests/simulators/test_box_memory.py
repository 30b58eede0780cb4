"""The simulated box remembers its punches as a real one has to."""

from pathlib import Path

from simulators.mqtt_box.memory import Memory


def reopened(path: Path) -> dict[str, str]:
    memory = Memory(path)
    memory.close()
    return memory.waiting


def test_a_punch_is_remembered_until_it_is_answered(tmp_path: Path) -> None:
    memory = Memory(tmp_path / "journal")
    memory.put("a", "first")
    memory.put("b", "second")
    memory.drop("a")
    memory.drop("never seen")
    memory.close()

    assert reopened(tmp_path / "journal") == {"b": "second"}
    assert reopened(tmp_path / "journal") == {"b": "second"}


def test_a_last_line_that_was_half_written_when_the_power_went_is_dropped(tmp_path: Path) -> None:
    path = tmp_path / "journal"
    path.write_text('["put", "a", "first"]\n["put", "b", "sec')

    assert reopened(path) == {"a": "first"}
