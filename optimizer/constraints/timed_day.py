"""A worker's day once its starts are known: what the rules of time look at."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TimedDay:
    """Parallel tuples in order of start, seconds of the problem's day; never empty.

    `travel[i]` is the way from visit i to the next; the last one has none. `fragile`: every visit is at a
    fragile person's.
    """

    starts: tuple[int, ...]
    ends: tuple[int, ...]
    travel: tuple[int, ...]
    fragile: bool

    def work_periods(self, paid_wait: int) -> list[tuple[int, int]]:
        """Return the periods of effective work, in order: visit, travel after it, and a wait short enough.

        Travel stands at the start of its gap, as `homecare.labour.timeline` has it.
        """
        periods: list[tuple[int, int]] = []
        last = len(self.starts) - 1
        for index, (start, end) in enumerate(zip(self.starts, self.ends, strict=True)):
            until = end
            if index < last:
                following = self.starts[index + 1]
                until = end + self.travel[index]
                if following - until <= paid_wait:
                    until = following
            if periods and start <= periods[-1][1]:
                periods[-1] = (periods[-1][0], max(until, periods[-1][1]))
            else:
                periods.append((start, until))
        return periods
