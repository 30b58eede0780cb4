"""One line every few seconds, while a day is played."""

from collections.abc import Callable
from datetime import datetime

from homecare.kernel.calendar import PARIS
from simulators.day.cast import Cast
from simulators.day.model import Script


def tell_progress(
    cast: Cast, script: Script, say: Callable[[str], None]
) -> Callable[[datetime, int, int], None]:
    """Return what says how far the day is, given the instant, the live calls and the gestures begun."""
    planned = len(script.gestures)

    def tell(shown: datetime, live_calls: int, begun: int) -> None:
        made, answered = cast.counts
        say(
            f"{shown.astimezone(PARIS):%H:%M}  {begun}/{planned} gestes, {made} pointages envoyés,"
            f" {answered} confirmés, {live_calls} appels en cours, {cast.listener.count('alert')} alertes"
        )

    return tell
