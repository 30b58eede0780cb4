"""Whatever a caller does and whatever the core answers, a call keeps these promises."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from homecare.clients.rolling_code import is_rolling_code
from homecare.kernel.ids import OrganisationId, is_home_code, is_worker_code
from homecare.punches.model import CodeTrouble, Edge, Status
from homecare.punches.tasks import TaskMode
from homecare.workers.model import Language
from telephony.actions import (
    Action,
    Ask,
    CheckCode,
    Confirm,
    FindHome,
    GiveBack,
    HangUp,
    ListTasks,
    ListVisits,
    MarkDone,
    NoteRefusal,
    Record,
    RequestCallBack,
    Say,
    Speak,
    StoreTasks,
    TakeNote,
    Transfer,
)
from telephony.dialogue import Over
from telephony.events import (
    CallBackRequested,
    CodeLookedUp,
    Event,
    HomeLookedUp,
    HungUp,
    Keyed,
    NoteTaken,
    Opened,
    Recorded,
    TasksListed,
    Transferred,
    VisitsListed,
)
from telephony.model import (
    CallContext,
    Missing,
    PlannedVisit,
    Proposal,
    Ring,
    RungBack,
    Standing,
    Task,
    TaskSheet,
)
from telephony.speech import Phrase, can_be_recorded
from tests.telephony.dialogues import ANSWERED_AT, INES, KEPT, Talk, receipt

LONGEST = 40
AFTER_HANG_UP = 6

standings = {
    None: [Standing.HIDDEN, Standing.UNCHECKED, Standing.REFUSED],
    "+33155512345": [Standing.HOME, Standing.UNKNOWN, Standing.UNCHECKED, Standing.REFUSED],
}


languages = st.sampled_from(Language)
proposals = st.builds(
    Proposal, st.just(INES.worker), st.just(INES.first_name), st.sampled_from(Edge), language=languages
)
rung_back = st.none() | st.builds(RungBack, st.just(1), st.none() | proposals)


@st.composite
def contexts(draw: st.DrawFn) -> CallContext:
    caller = draw(st.sampled_from(list(standings)))
    return CallContext(
        Ring("phone-1-1.1", "+33801020304", caller, ANSWERED_AT),
        OrganisationId(1),
        draw(st.sampled_from(standings[caller])),
        duty_number=draw(st.sampled_from([None, "+33155500000"])),
        rung_back=draw(st.none() | st.builds(RungBack, st.just(1), st.none() | proposals))
        if caller
        else None,
    )


workers = st.builds(replace, st.just(INES), asks_edge=st.booleans(), language=languages)
missing = st.sampled_from(Missing)
keys = st.one_of(
    st.sampled_from(["123456", "123455"]),
    st.sampled_from(["", "0", "9", "1", "2", "3", "*", "000", "12", "34*", "123456", "123455", "*12345"]),
    st.text("0123456789*#ABCD", max_size=7),
    st.text(max_size=7),
)
receipts = st.builds(
    receipt,
    st.sampled_from([None, *Edge]),
    visit=st.sampled_from([None, 9]),
    status=st.sampled_from(Status),
)
sheets = st.builds(
    TaskSheet,
    st.sampled_from(TaskMode),
    st.lists(st.sampled_from([Task("12", "Toilette"), Task("34", "Repas")]), max_size=3).map(tuple),
)
visits = st.one_of(st.none(), st.lists(st.just(PlannedVisit(ANSWERED_AT, "Bourg")), max_size=3).map(tuple))


def answers(action: Action | None) -> st.SearchStrategy[Event]:
    """Return what may come after an action; a hang-up only where the line is needed."""
    gone: st.SearchStrategy[Event] = st.just(HungUp())
    match action:
        case Ask():
            return st.one_of(st.builds(Keyed, keys), gone)
        case TakeNote():
            return st.one_of(st.builds(NoteTaken, st.sampled_from([None, "note.wav"])), gone)
        case Transfer():
            return st.one_of(st.builds(Transferred, st.booleans()), gone)
        case FindHome():
            return st.builds(HomeLookedUp, st.one_of(contexts(), missing))
        case CheckCode(context=context):
            of_a_device = st.sampled_from(CodeTrouble) if context.rolling_code else st.nothing()
            return st.builds(CodeLookedUp, st.one_of(workers, missing, of_a_device))
        case Record() | Confirm():
            return st.builds(Recorded, st.one_of(st.none(), st.just(KEPT), receipts))
        case ListTasks():
            return st.builds(TasksListed, sheets)
        case ListVisits():
            return st.builds(VisitsListed, visits)
        case RequestCallBack():
            return st.builds(CallBackRequested, st.booleans())
        case _:
            raise AssertionError(f"nothing answers {action}")


@st.composite
def calls(draw: st.DrawFn) -> Talk:
    """Draw a whole call. Callers who would go on for ever hang up."""
    talk = Talk(Opened(draw(st.one_of(contexts(), missing))))
    for turn in range(LONGEST + AFTER_HANG_UP):
        if talk.over:
            break
        waiting = talk.awaits()
        patient = turn < LONGEST or not isinstance(waiting, Ask | TakeNote | Transfer)
        talk.hears(draw(answers(waiting)) if patient else HungUp())
    return talk


@given(calls())
@settings(max_examples=400, deadline=None)
def test_every_call_comes_to_an_end(talk: Talk) -> None:
    assert isinstance(talk.state, Over)


@given(calls())
@settings(max_examples=400, deadline=None)
def test_a_call_leaves_one_punch_or_one_refusal_at_most(talk: Talk) -> None:
    punches = [act for act in talk.done if isinstance(act, Record | Confirm)]
    refusals = [act for act in talk.done if isinstance(act, NoteRefusal)]
    assert len(punches) + len(refusals) <= 1


@given(calls())
@settings(max_examples=400, deadline=None)
def test_only_well_formed_codes_leave_the_dialogue(talk: Talk) -> None:
    for act in talk.done:
        match act:
            case FindHome(code=code):
                assert is_home_code(code)
            case CheckCode(code=code):
                assert is_worker_code(code)
            case Record(code=code, home_code=home_code):
                assert is_worker_code(code)
                assert home_code is None or is_home_code(home_code) or is_rolling_code(home_code)
            case _:
                pass


@given(calls())
@settings(max_examples=400, deadline=None)
def test_a_punch_always_says_where_it_was_made(talk: Talk) -> None:
    for act in talk.done:
        if isinstance(act, Record):
            assert act.home_code is not None or act.context.ring.caller is not None


@given(calls())
@settings(max_examples=400, deadline=None)
def test_done_is_only_said_after_a_punch_and_tasks_only_after_done(talk: Talk) -> None:
    order = [type(act) for act in talk.done if isinstance(act, Record | Confirm | MarkDone | StoreTasks)]
    assert order in (
        [],
        [Record],
        [Record, MarkDone],
        [Record, MarkDone, StoreTasks],
        [Confirm],
        [Confirm, MarkDone],
    )


@given(calls())
@settings(max_examples=400, deadline=None)
def test_nothing_follows_the_end(talk: Talk) -> None:
    ends = [place for place, act in enumerate(talk.done) if isinstance(act, HangUp | GiveBack)]
    assert ends in ([], [len(talk.done) - 1])


@given(calls())
@settings(max_examples=400, deadline=None)
def test_what_is_said_before_the_code_is_said_in_french_alone(talk: Talk) -> None:
    language = Language.FRENCH
    for act in talk.done:
        match act:
            case Speak(language=chosen):
                language = chosen
            case Say(sounds=sounds) | Ask(sounds=sounds):
                phrases = [sound for sound in sounds if isinstance(sound, Phrase)]
                assert all(can_be_recorded(phrase, language) for phrase in phrases)
            case _:
                pass
