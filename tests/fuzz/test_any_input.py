"""Whatever bytes come in, each reader answers or refuses: the short run of `make fuzz`."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fuzz.names import NAMES
from tests.fuzz.targets import SEEDS, TARGETS


@st.composite
def inputs(draw: st.DrawFn, name: str) -> bytes:
    """Draw any bytes, or a well-formed input with a piece replaced by any bytes."""
    whole = draw(st.sampled_from(SEEDS[name]))
    start = draw(st.integers(0, len(whole)))
    end = draw(st.integers(start, len(whole)))
    piece = draw(st.binary(max_size=40))
    return draw(st.sampled_from([whole[:start] + piece + whole[end:], piece]))


def test_every_target_has_a_name_and_seeds() -> None:
    assert tuple(TARGETS) == tuple(SEEDS) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_any_input_is_answered_or_refused(name: str) -> None:
    @given(inputs(name))
    @settings(max_examples=500)
    def run(data: bytes) -> None:
        TARGETS[name](data)

    run()
    for seed in SEEDS[name]:
        TARGETS[name](seed)
