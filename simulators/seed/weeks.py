"""What a client needs every week. Pure: from a profile and a seed to recurrences.

Two visits of one client never come near each other, even when their starts move as far as agreed: the second
begins half an hour after the first has ended at the latest. A person could tell them apart, so can a punch.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import time
from enum import Enum, auto
from random import Random

from simulators.seed.catalogue import (
    BEDTIME,
    CHILDREN,
    HOIST_WASHING,
    HOUSEWORK,
    MEAL,
    MEMORY,
    OUTING,
    SHOPPING,
    WASHING,
)
from simulators.seed.chance import happens
from simulators.seed.sketch import Need

WORKING_DAYS = (1, 2, 3, 4, 5)
EVERY_DAY = (1, 2, 3, 4, 5, 6, 7)
_SCHOOL_DAYS = (1, 2, 4, 5)


class Profile(Enum):
    """Why somebody is helped."""

    DEPENDENT = auto()
    FRAIL = auto()
    HOME = auto()
    FAMILY = auto()
    MEMORY = auto()


_PERCENT = {
    Profile.DEPENDENT: 32,
    Profile.FRAIL: 36,
    Profile.HOME: 20,
    Profile.FAMILY: 6,
    Profile.MEMORY: 6,
}


def share_profiles(random: Random, count: int) -> list[Profile]:
    """Return `count` profiles in their shares, shuffled."""
    profiles = [profile for profile, share in _PERCENT.items() for _ in range(count * share // 100)]
    profiles += [Profile.FRAIL] * (count - len(profiles))
    random.shuffle(profiles)
    return profiles


def draw_week(random: Random, profile: Profile) -> tuple[Need, ...]:
    """Return the recurrences of one client."""
    match profile:
        case Profile.DEPENDENT:
            needs = _dependent(random)
        case Profile.FRAIL:
            needs = _frail(random)
        case Profile.HOME:
            needs = _home(random)
        case Profile.FAMILY:
            needs = _family(random)
        case Profile.MEMORY:
            needs = _memory(random)
    return tuple(needs)


@dataclass(frozen=True, slots=True)
class _Habit:
    """A kind of visit as it is usually agreed: earliest and latest start, lengths, how far it may move."""

    service: str
    between: tuple[str, str]
    minutes: Sequence[int]
    flexible: Sequence[int]


_LIFT = _Habit(HOIST_WASHING, ("07:15", "09:45"), (45,), (15, 30))
_WASHING = _Habit(WASHING, ("07:15", "09:45"), (30, 30, 45), (15, 30))
_LATER_WASHING = _Habit(WASHING, ("08:00", "09:45"), (30, 30, 45), (15, 30, 30))
_LUNCH = _Habit(MEAL, ("11:45", "13:15"), (30, 30, 45), (0, 15, 15))
_DINNER = _Habit(MEAL, ("18:45", "19:45"), (30,), (0, 15, 15))
_BEDTIME = _Habit(BEDTIME, ("18:15", "20:00"), (30,), (15, 15, 30))
_AFTERNOON_WORK = _Habit(HOUSEWORK, ("15:15", "16:00"), (60, 90), (30,))
_HOUSEWORK = _Habit(HOUSEWORK, ("10:00", "15:00"), (90, 120), (60,))
_SHOPPING = _Habit(SHOPPING, ("10:00", "15:30"), (60,), (60,))
_OUTING = _Habit(OUTING, ("14:00", "15:00"), (90,), (30,))
_BEFORE_SCHOOL = _Habit(CHILDREN, ("07:15", "07:30"), (60,), (0,))
_AFTER_SCHOOL = _Habit(CHILDREN, ("16:15", "16:45"), (90,), (0, 15))
_MEMORY = _Habit(MEMORY, ("15:15", "16:00"), (60, 90), (30,))


def _dependent(random: Random) -> list[Need]:
    days = EVERY_DAY if happens(random, 0.6) else WORKING_DAYS
    washing = _LIFT if happens(random, 0.15) else _WASHING
    needs = [_agree(random, washing, days), _agree(random, _BEDTIME, days)]
    if happens(random, 0.75):
        needs.insert(1, _agree(random, _LUNCH, WORKING_DAYS))
    return needs


def _frail(random: Random) -> list[Need]:
    needs: list[Need] = []
    if happens(random, 0.75):
        needs.append(_agree(random, _LATER_WASHING, WORKING_DAYS))
    if happens(random, 0.75) or not needs:
        needs.append(_agree(random, _meal(random), WORKING_DAYS))
    if happens(random, 0.5):
        needs.append(_agree(random, _AFTERNOON_WORK, (random.choice(WORKING_DAYS),)))
    return needs


def _home(random: Random) -> list[Need]:
    first, second, shopping, outing = random.sample(WORKING_DAYS, 4)
    cleaning = tuple(sorted((first, second)))
    needs = [_agree(random, _HOUSEWORK, cleaning), _agree(random, _SHOPPING, (shopping,))]
    if happens(random, 0.3):
        needs.append(_agree(random, _OUTING, (outing,)))
    return needs


def _family(random: Random) -> list[Need]:
    needs = [_agree(random, _AFTER_SCHOOL, _SCHOOL_DAYS)]
    if happens(random, 0.5):
        needs.insert(0, _agree(random, _BEFORE_SCHOOL, WORKING_DAYS))
    return needs


def _memory(random: Random) -> list[Need]:
    days = tuple(sorted(random.sample(WORKING_DAYS, 3)))
    return [_agree(random, _meal(random), WORKING_DAYS), _agree(random, _MEMORY, days)]


def _meal(random: Random) -> _Habit:
    return _LUNCH if happens(random, 0.7) else _DINNER


def _agree(random: Random, habit: _Habit, weekdays: tuple[int, ...]) -> Need:
    quarter = random.randint(*map(_quarter, habit.between))
    return Need(
        habit.service,
        weekdays,
        time(quarter // 4, quarter % 4 * 15),
        random.choice(habit.minutes),
        random.choice(habit.flexible),
    )


def _quarter(text: str) -> int:
    at = time.fromisoformat(text)
    return at.hour * 4 + at.minute // 15
