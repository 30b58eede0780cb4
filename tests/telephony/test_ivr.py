from dataclasses import replace

import pytest

from homecare.punches.model import CodeTrouble, Edge, Kept, Receipt, Status
from telephony.actions import (
    Ask,
    CheckCode,
    FindHome,
    GiveBack,
    HangUp,
    MarkDone,
    NoteRefusal,
    Record,
    RequestCallBack,
    Say,
    Transfer,
)
from telephony.dialogue import UnexpectedEventError
from telephony.events import (
    CallBackRequested,
    CodeLookedUp,
    HomeLookedUp,
    HungUp,
    Keyed,
    Opened,
    Recorded,
    Transferred,
)
from telephony.model import Missing, Refusal, Standing
from telephony.speech import Phrase, TimeOfDay, Words
from tests.telephony.dialogues import (
    AT_HOME,
    CODE,
    ELSEWHERE,
    HOME_CODE,
    INES,
    KEPT,
    Talk,
    at_home,
    receipt,
    recorded,
    says,
)


def test_the_line_of_a_home_is_asked_for_one_thing_only() -> None:
    assert at_home().awaits() == Ask((Phrase.CODE,), digits=6, seconds=5.0)


def test_a_code_is_recorded_at_once_and_its_edge_left_to_the_core() -> None:
    talk = at_home().keys(CODE)
    assert talk.awaits() == CheckCode(AT_HOME, CODE)
    assert talk.hears(CodeLookedUp(INES)).awaits() == Record(AT_HOME, None, CODE, None)


def test_the_dialplan_learns_of_the_punch_before_anything_is_spoken() -> None:
    talk = recorded()
    assert talk.todo[0] == MarkDone()
    assert talk.spoken == [
        Phrase.ARRIVAL_AT,
        TimeOfDay(14, 32),
        Phrase.THANKS,
        Words("Inès"),
    ]


def test_a_second_answer_to_the_same_punch_is_spoken_as_the_first() -> None:
    talk = at_home().keys(CODE).hears(CodeLookedUp(INES))
    assert says(talk.hears(Recorded(receipt(status=Status.DUPLICATE))), Phrase.ARRIVAL_AT)


def test_an_arrival_ends_by_itself() -> None:
    talk = recorded().keys("")
    assert talk.over
    assert talk.todo[-1] == HangUp()


@pytest.mark.parametrize("standing", [Standing.UNKNOWN, Standing.HIDDEN])
def test_a_line_that_is_no_home_is_asked_for_the_home_code(standing: Standing) -> None:
    context = replace(ELSEWHERE, standing=standing)
    talk = Talk(Opened(context))
    assert talk.awaits() == Ask((Phrase.HOME_CODE,), digits=6, seconds=5.0)
    assert talk.keys(HOME_CODE).awaits() == FindHome(context, HOME_CODE)
    talk.hears(HomeLookedUp(context)).keys(CODE).hears(CodeLookedUp(INES))
    assert talk.awaits() == Record(context, HOME_CODE, CODE, None)


def test_a_mistyped_home_code_never_reaches_the_database() -> None:
    talk = Talk(Opened(ELSEWHERE)).keys("123456")
    assert talk.awaits() == Ask((), digits=2, seconds=2.0)
    talk.keys("")
    assert isinstance(talk.awaits(), Ask)
    assert says(talk, Phrase.HOME_CODE_WRONG)


# ---- the rolling code of a home's device, keyed in place of the home code


@pytest.mark.parametrize(("first", "rest"), [("123456", "78"), (HOME_CODE, "21")])
def test_two_more_digits_make_a_rolling_code_which_is_looked_up_with_the_workers(
    first: str, rest: str
) -> None:
    talk = Talk(Opened(ELSEWHERE)).keys(first)
    if first == HOME_CODE:
        talk.hears(HomeLookedUp(Missing.NOT_FOUND))
    talk.keys(rest).keys(CODE)
    shown = replace(ELSEWHERE, rolling_code=first + rest)
    assert talk.awaits() == CheckCode(shown, CODE)
    assert talk.hears(CodeLookedUp(INES)).awaits() == Record(shown, first + rest, CODE, None)


@pytest.mark.parametrize("trouble", CodeTrouble)
def test_a_rolling_code_that_proves_nothing_says_why_and_the_next_one_needs_no_code_again(
    trouble: CodeTrouble,
) -> None:
    talk = Talk(Opened(ELSEWHERE)).keys("123456").keys("78").keys(CODE).hears(CodeLookedUp(trouble))
    assert says(talk, Phrase(trouble.value))
    talk.keys("876543").keys("21")
    assert talk.awaits() == CheckCode(replace(ELSEWHERE, rolling_code="87654321"), CODE)


@pytest.mark.parametrize("trouble", CodeTrouble)
def test_three_rolling_codes_that_prove_nothing_end_with_their_status(trouble: CodeTrouble) -> None:
    talk = Talk(Opened(ELSEWHERE)).keys("123456").keys("78").keys(CODE)
    for _ in range(2):
        talk.hears(CodeLookedUp(trouble)).keys("123456").keys("78")
    talk.hears(CodeLookedUp(trouble))
    assert talk.todo[0] == NoteRefusal(ELSEWHERE, Refusal(trouble.value))
    assert talk.over


# ---- a line from which too many wrong codes came


@pytest.mark.parametrize("outcome", [receipt(None, visit=None), receipt(Edge.ARRIVAL), KEPT])
def test_a_guarded_line_hears_the_same_words_whatever_was_keyed(outcome: Receipt | Kept) -> None:
    guarded = replace(AT_HOME, is_guarded=True)
    talk = Talk(Opened(guarded)).keys(CODE)
    assert talk.awaits() == Record(guarded, None, CODE, None)
    talk.hears(Recorded(outcome))
    assert talk.todo == (MarkDone(), Say((Phrase.TO_BE_CHECKED,)), HangUp())


def test_a_guarded_line_learns_nothing_of_home_codes_nor_of_schedules() -> None:
    guarded = replace(ELSEWHERE, is_guarded=True)
    talk = Talk(Opened(guarded)).keys(HOME_CODE)
    assert isinstance(talk.awaits(), Ask)
    assert talk.keys(CODE).awaits() == Record(guarded, HOME_CODE, CODE, None)
    assert says(Talk(Opened(guarded)).keys("*").keys(CODE), Phrase.UNAVAILABLE)


def test_an_unclear_edge_is_asked() -> None:
    talk = at_home().keys(CODE).hears(CodeLookedUp(replace(INES, asks_edge=True)))
    assert talk.awaits() == Ask((Phrase.EDGE,), digits=1, seconds=5.0)
    assert talk.keys("2").awaits() == Record(AT_HOME, None, CODE, Edge.DEPARTURE)


@pytest.mark.parametrize("answers", [["", ""], ["5", "*"]])
def test_a_right_code_is_recorded_even_if_the_edge_is_never_said(answers: list[str]) -> None:
    talk = at_home().keys(CODE).hears(CodeLookedUp(replace(INES, asks_edge=True)))
    for keys in answers:
        talk.keys(keys)
    assert talk.awaits() == Record(AT_HOME, None, CODE, None)


# ---- three wrong entries


def test_three_wrong_codes_end_politely_with_their_status() -> None:
    talk = at_home()
    for _ in range(2):
        talk.keys("999999").hears(CodeLookedUp(Missing.NOT_FOUND))
        assert says(talk, Phrase.CODE_WRONG)
    talk.keys("999999").hears(CodeLookedUp(Missing.NOT_FOUND))
    assert talk.todo == (
        NoteRefusal(AT_HOME, Refusal.BAD_PIN),
        Say((Phrase.THREE_ERRORS,)),
        HangUp(),
    )


def test_three_wrong_home_codes_end_politely_with_their_status() -> None:
    talk = Talk(Opened(ELSEWHERE)).keys("1").keys("123455").hears(HomeLookedUp(Missing.NOT_FOUND))
    talk.keys("").keys("12#")
    assert talk.todo[0] == NoteRefusal(ELSEWHERE, Refusal.BAD_HOME_CODE)
    assert talk.over


def test_wrong_entries_of_both_codes_count_together() -> None:
    talk = (
        Talk(Opened(ELSEWHERE)).keys("1").keys("2").keys(HOME_CODE).hears(HomeLookedUp(ELSEWHERE)).keys("3")
    )
    assert talk.todo[0] == NoteRefusal(ELSEWHERE, Refusal.BAD_PIN)


def test_a_silent_caller_is_asked_again_then_let_go() -> None:
    talk = at_home().keys("").keys("").keys("")
    assert talk.todo[0] == NoteRefusal(AT_HOME, Refusal.HANG_UP)
    assert says(talk, Phrase.NO_ENTRY)


def test_a_wrong_code_followed_by_silence_keeps_the_status_of_the_wrong_code() -> None:
    talk = at_home().keys("3").keys("").keys("")
    assert talk.todo[0] == NoteRefusal(AT_HOME, Refusal.BAD_PIN)
    assert says(talk, Phrase.NO_ENTRY)


def test_a_refused_line_is_told_so_and_noted() -> None:
    context = replace(AT_HOME, standing=Standing.REFUSED)
    talk = Talk(Opened(context))
    assert talk.todo[0] == NoteRefusal(context, Refusal.UNAUTHORISED_PHONE)
    assert talk.over


def test_a_number_that_is_nobodys_is_not_served() -> None:
    assert Talk(Opened(Missing.NOT_FOUND)).todo == (Say((Phrase.UNAVAILABLE,)), HangUp())


# ---- the database is away


def test_without_a_database_the_code_is_taken_on_its_form_and_the_punch_kept() -> None:
    context = replace(AT_HOME, standing=Standing.UNCHECKED, homes=())
    talk = Talk(Opened(context)).keys(CODE).hears(CodeLookedUp(Missing.DATABASE_AWAY))
    assert talk.awaits() == Record(context, None, CODE, None)
    talk.hears(Recorded(KEPT))
    assert talk.todo == (
        MarkDone(),
        Say((Phrase.KEPT_AT, TimeOfDay(14, 32), Phrase.KEPT)),
        HangUp(),
    )


def test_without_a_database_a_hidden_number_still_needs_a_home_code() -> None:
    context = replace(ELSEWHERE, standing=Standing.UNCHECKED)
    talk = Talk(Opened(context)).keys(HOME_CODE).hears(HomeLookedUp(Missing.DATABASE_AWAY)).keys(CODE)
    talk.hears(CodeLookedUp(Missing.DATABASE_AWAY))
    assert talk.awaits() == Record(context, HOME_CODE, CODE, None)


def test_nothing_is_asked_about_a_home_that_could_not_be_looked_up() -> None:
    talk = Talk(Opened(ELSEWHERE)).keys(HOME_CODE).hears(HomeLookedUp(Missing.DATABASE_AWAY)).keys(CODE)
    talk.hears(CodeLookedUp(replace(INES, asks_edge=True)))
    assert talk.awaits() == Record(ELSEWHERE, HOME_CODE, CODE, None)


def test_a_core_that_knows_nothing_gives_the_call_back() -> None:
    assert Talk(Opened(Missing.DATABASE_AWAY)).todo == (GiveBack(),)


def test_a_punch_that_is_not_known_to_be_stored_is_never_confirmed() -> None:
    talk = at_home().keys(CODE).hears(CodeLookedUp(INES)).hears(Recorded(None))
    assert talk.todo == (GiveBack(),)


def test_a_conflict_is_said_and_not_called_done() -> None:
    talk = at_home().keys(CODE).hears(CodeLookedUp(INES)).hears(Recorded(receipt(status=Status.CONFLICT)))
    assert talk.todo == (Say((Phrase.CONFLICT,)), HangUp())


# ---- hanging up


def test_hanging_up_before_the_code_is_noted() -> None:
    assert at_home().hears(HungUp()).todo == (NoteRefusal(AT_HOME, Refusal.HANG_UP),)
    assert Talk(Opened(ELSEWHERE)).hears(HungUp()).todo == (NoteRefusal(ELSEWHERE, Refusal.HANG_UP),)


def test_hanging_up_after_a_wrong_code_is_noted_as_a_wrong_code() -> None:
    assert at_home().keys("3").hears(HungUp()).todo == (NoteRefusal(AT_HOME, Refusal.BAD_PIN),)


def test_a_wrong_home_code_that_was_put_right_is_forgotten() -> None:
    talk = Talk(Opened(ELSEWHERE)).keys("1").keys(HOME_CODE).hears(HomeLookedUp(ELSEWHERE)).hears(HungUp())
    assert talk.todo == (NoteRefusal(ELSEWHERE, Refusal.HANG_UP),)


def test_hanging_up_at_the_edge_question_records_what_was_proved() -> None:
    talk = at_home().keys(CODE).hears(CodeLookedUp(replace(INES, asks_edge=True))).hears(HungUp())
    assert talk.awaits() == Record(AT_HOME, None, CODE, None)


def test_hanging_up_during_the_confirmation_leaves_nothing_to_do() -> None:
    talk = recorded().hears(HungUp())
    assert talk.over
    assert talk.todo == ()


# ---- the coordinator


@pytest.mark.parametrize("keys", ["0", "9"])
def test_the_coordinator_is_reached_from_the_first_question(keys: str) -> None:
    talk = at_home().keys(keys)
    assert talk.awaits() == Transfer("+33155500000")
    assert says(talk, Phrase.TRANSFER)


def test_the_coordinator_is_reached_after_the_punch() -> None:
    assert recorded().keys("0").awaits() == Transfer("+33155500000")


def test_the_coordinator_asked_for_at_the_edge_question_comes_after_the_punch() -> None:
    talk = at_home().keys(CODE).hears(CodeLookedUp(replace(INES, asks_edge=True))).keys("0")
    assert talk.awaits() == Record(AT_HOME, None, CODE, None)
    talk.hears(Recorded(receipt(None)))
    assert talk.todo[0] == MarkDone()
    assert talk.awaits() == Transfer("+33155500000")


def test_a_call_that_was_taken_just_ends() -> None:
    assert at_home().keys("0").hears(Transferred(answered=True)).todo == (HangUp(),)


def test_a_call_that_nobody_took_leaves_a_task() -> None:
    talk = recorded().keys("0").hears(Transferred(answered=False))
    assert talk.awaits() == RequestCallBack(AT_HOME, INES)
    assert says(talk.hears(CallBackRequested(noted=True)), Phrase.CALL_BACK)


def test_an_agency_without_a_duty_number_leaves_a_task_at_once() -> None:
    talk = Talk(Opened(replace(AT_HOME, duty_number=None))).keys("9")
    assert isinstance(talk.awaits(), RequestCallBack)


def test_a_caller_who_gives_up_while_it_rings_is_called_back() -> None:
    assert isinstance(at_home().keys("0").hears(HungUp()).awaits(), RequestCallBack)


def test_nobody_is_promised_a_call_that_could_not_be_noted() -> None:
    talk = at_home().keys("0").hears(Transferred(answered=False)).hears(CallBackRequested(noted=False))
    assert says(talk, Phrase.CALL_BACK_FAILED)


def test_an_event_that_nothing_asked_for_is_a_bug_that_surfaces() -> None:
    with pytest.raises(UnexpectedEventError):
        at_home().hears(CodeLookedUp(INES))
    with pytest.raises(UnexpectedEventError):
        Talk(Keyed("1"))
