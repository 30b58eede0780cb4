"""The dialogue of a missed call that is rung back: nothing has to be keyed, and hanging up cancels."""

from dataclasses import replace

import pytest

from homecare.kernel.ids import WorkerId
from homecare.punches.model import Edge, Status
from homecare.workers.model import Language
from telephony.actions import CheckCode, Confirm, GiveBack, HangUp, MarkDone, NoteRefusal, Record, Speak
from telephony.events import CodeLookedUp, HungUp, Opened, Recorded
from telephony.model import CallContext, Proposal, RungBack, Standing
from telephony.speech import Phrase, Words, time_of
from tests.telephony.dialogues import ANSWERED_AT, AT_HOME, CODE, INES, KEPT, Talk, receipt

ARRIVAL = Proposal(WorkerId(3), "Inès", Edge.ARRIVAL)


def rung_back(proposal: Proposal | None) -> CallContext:
    return replace(AT_HOME, rung_back=RungBack(42, proposal))


def talk(proposal: Proposal | None = ARRIVAL) -> Talk:
    return Talk(Opened(rung_back(proposal)))


@pytest.mark.parametrize(
    ("edge", "phrase"),
    [(Edge.ARRIVAL, Phrase.MISSED_ARRIVAL), (Edge.DEPARTURE, Phrase.MISSED_DEPARTURE)],
)
def test_who_must_have_called_and_when_is_said_before_anything_is_stored(edge: Edge, phrase: Phrase) -> None:
    told = talk(replace(ARRIVAL, edge=edge))
    time = time_of(ANSWERED_AT)
    assert told.spoken == [Phrase.MISSED_CALL, time, phrase, Words("Inès"), Phrase.MISSED_CONFIRM]
    assert not any(isinstance(one, Confirm | Record) for one in told.done)


def test_it_is_said_in_the_workers_language() -> None:
    assert Speak(Language.ARABIC) in talk(replace(ARRIVAL, language=Language.ARABIC)).todo


def test_staying_on_the_line_confirms_and_the_stored_time_is_spoken_back() -> None:
    confirmed = talk().keys("")
    assert confirmed.todo == (Confirm(rung_back(ARRIVAL), 42, ARRIVAL),)
    stored = confirmed.hears(Recorded(receipt()))
    assert stored.todo[0] == MarkDone()
    assert stored.spoken[:2] == [Phrase.ARRIVAL_AT, time_of(ANSWERED_AT)]
    assert stored.over


def test_hanging_up_before_the_end_stores_nothing() -> None:
    cancelled = talk().hears(HungUp())
    assert cancelled.over
    assert not any(isinstance(one, Confirm | Record | NoteRefusal) for one in cancelled.done)


def test_when_it_is_not_clear_who_called_staying_on_the_line_stores_nothing() -> None:
    told = talk(None)
    assert told.spoken[-1] is Phrase.MISSED_UNCLEAR
    over = told.keys("")
    assert over.todo[-1] == HangUp()
    assert not any(isinstance(one, Confirm | Record) for one in over.done)


@pytest.mark.parametrize("proposal", [ARRIVAL, None])
def test_a_code_that_is_keyed_all_the_same_counts_as_on_any_line(proposal: Proposal | None) -> None:
    keyed = talk(proposal).keys(CODE)
    assert keyed.todo == (CheckCode(rung_back(proposal), CODE),)
    (record,) = keyed.hears(CodeLookedUp(INES)).todo[-1:]
    assert isinstance(record, Record)


def test_keys_that_are_no_code_confirm_nothing() -> None:
    keyed = talk().keys("12")
    assert keyed.spoken == [Phrase.CODE_WRONG]
    assert not any(isinstance(one, Confirm) for one in keyed.hears(HungUp()).done)


def test_the_punch_is_kept_while_the_database_is_away_and_left_to_the_dialplan_when_in_doubt() -> None:
    assert Phrase.KEPT in talk().keys("").hears(Recorded(KEPT)).spoken
    assert talk().keys("").hears(Recorded(None)).todo == (GiveBack(),)


def test_another_punch_of_the_same_identity_is_no_success() -> None:
    conflict = talk().keys("").hears(Recorded(receipt(status=Status.CONFLICT)))
    assert conflict.spoken == [Phrase.CONFLICT]
    assert MarkDone() not in conflict.done


def test_nothing_is_asked_of_a_line_without_keys_while_the_database_is_away() -> None:
    ring = replace(AT_HOME.ring, missed=42)
    away = Talk(Opened(replace(AT_HOME, ring=ring, standing=Standing.UNCHECKED, homes=())))
    assert away.spoken == [Phrase.UNAVAILABLE]
    assert away.over
