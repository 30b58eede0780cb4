"""Makes every gesture of a script at its instant, through the simulators, with as many hands as it takes."""

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime

from homecare.kernel.calendar import PARIS
from homecare.kernel.clock import Pace
from simulators.day.callers import Callers
from simulators.day.model import Gesture, Script, Way

MOST_CALLS = 24
_HANDS = 8
_CALL_AHEAD_SECONDS = 1.5
_POLL_SECONDS = 0.25


@dataclass(order=True, slots=True)
class _Act:
    real: float
    rank: int
    do: Callable[[], None] = field(compare=False)
    calls: bool = field(compare=False, default=False)


class Player:
    """Plays one script. `stop` may be set from outside: then nothing more is begun."""

    def __init__(
        self,
        callers: Callers,
        others: Mapping[Way, Callable[[Gesture], None]],
        *,
        pace: Pace,
        stop: Callable[[], bool],
        progress: Callable[[datetime, int, int], None],
        every: float,
    ) -> None:
        """Make what is no call by `others`.

        `progress` is told, `every` so many seconds, the instant, the live calls, the gestures begun.
        """
        self._callers = callers
        self._others = others
        self._pace = pace
        self._stop = stop
        self._progress = progress
        self._every = every
        self.begun: set[int] = set()
        self.latest = 0.0
        """The most seconds by which a gesture was begun after its instant."""

    def play(self, script: Script, beside: Sequence[tuple[datetime, Callable[[], None]]]) -> None:
        """Make every gesture, and what else happens at an instant; return once all of it is over."""
        acts = [self._gesture_act(gesture) for gesture in script.gestures]
        acts += [_Act(self._real(at), 0, do) for at, do in beside]
        done: list[Future[None]] = []
        with ThreadPoolExecutor(MOST_CALLS, "call") as calls, ThreadPoolExecutor(_HANDS, "hand") as hands:
            told = time.time()
            for act in sorted(acts):
                while (wait := act.real - time.time()) > 0 and not self._stop():
                    time.sleep(min(wait, _POLL_SECONDS))
                    if time.time() - told >= self._every:
                        told = time.time()
                        self._tell()
                if self._stop():
                    break
                done.append((calls if act.calls else hands).submit(act.do))
        for future in done:
            future.result()
        self._tell()

    def _gesture_act(self, gesture: Gesture) -> _Act:
        real = self._real(gesture.at)
        if gesture.way is Way.CALL:
            return _Act(
                real - _CALL_AHEAD_SECONDS, gesture.number, lambda: self._call(gesture, real), calls=True
            )
        return _Act(real, gesture.number, lambda: self._make(gesture, real))

    def _call(self, gesture: Gesture, real: float) -> None:
        time.sleep(max(0.0, real - self._callers.lead - time.time()))
        self._begin(gesture, real - self._callers.lead)
        self._callers.call(gesture)

    def _make(self, gesture: Gesture, real: float) -> None:
        self._begin(gesture, real)
        self._others[gesture.way](gesture)

    def _begin(self, gesture: Gesture, real: float) -> None:
        self.begun.add(gesture.number)
        self.latest = max(self.latest, time.time() - real)

    def _real(self, shown: datetime) -> float:
        return self._pace.real(shown).timestamp()

    def _tell(self) -> None:
        shown = self._pace.at(datetime.now(PARIS))
        self._progress(shown, self._callers.live, len(self.begun))


def run_beside(work: Callable[[], None]) -> Callable[[], None]:
    """Return what starts `work` in a thread of its own and does not wait for it."""
    return lambda: threading.Thread(target=work, daemon=True).start()
