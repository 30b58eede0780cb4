"""What `make bench` does with real calls, with few of them: that it counts, not how fast."""

from tests.bench.morning import gather
from tests.bench.relay import Delays
from tests.bench.telephone import arrive
from tests.supervised import Supervised

CALLERS = 8


def test_a_crowd_that_barges_in_leaves_one_punch_a_call(core: Supervised) -> None:
    morning = gather(core, CALLERS)
    report, punches = arrive(morning, Delays(), per_second=CALLERS, seconds=1)
    assert (report.placed, report.ended_well, report.failed) == (CALLERS, CALLERS, 0)
    assert len(report.seconds) == CALLERS
    assert report.at_once > 1
    assert punches == CALLERS
