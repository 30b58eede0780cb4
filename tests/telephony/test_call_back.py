"""The dialogue of a call that a ring of the home's telephone is to prove."""

from dataclasses import replace

from homecare.kernel.ids import HomeId
from telephony.actions import Ask, MarkDone, RingHome
from telephony.events import CodeLookedUp, HomeLookedUp, HomeWillRing, Keyed, Opened, Recorded
from telephony.speech import Phrase
from tests.telephony.dialogues import CODE, ELSEWHERE, HOME_CODE, INES, KEPT, Talk, receipt

AT_THE_DOOR = replace(ELSEWHERE, homes=(HomeId(5),), may_ring_home=True)


def talk_until_stored(outcome: Recorded) -> Talk:
    return Talk(
        Opened(ELSEWHERE),
        Keyed(HOME_CODE),
        HomeLookedUp(AT_THE_DOOR),
        Keyed(CODE),
        CodeLookedUp(INES),
        outcome,
    )


def test_the_punch_is_stored_before_the_home_is_asked_for() -> None:
    assert talk_until_stored(Recorded(receipt())).todo == (MarkDone(), RingHome(AT_THE_DOOR))


def test_the_ring_is_announced_only_when_it_was_promised() -> None:
    for promised in (True, False):
        (ask,) = talk_until_stored(Recorded(receipt())).hears(HomeWillRing(promised)).todo
        assert isinstance(ask, Ask)
        assert (Phrase.HOME_RINGS in ask.sounds) == promised
        assert Phrase.ARRIVAL_AT in ask.sounds


def test_a_punch_of_no_visit_or_one_that_is_only_kept_rings_nobody() -> None:
    for outcome in (receipt(visit=None), KEPT):
        assert not any(isinstance(one, RingHome) for one in talk_until_stored(Recorded(outcome)).done)
