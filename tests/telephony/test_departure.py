from homecare.punches.model import Edge
from homecare.punches.tasks import TaskAnswer, TaskMode
from telephony.actions import Ask, HangUp, ListTasks, ReportConcern, StoreTasks, TakeNote, Transfer
from telephony.events import HungUp, NoteTaken, TasksListed
from telephony.model import Task, TaskReply, TaskSheet
from telephony.speech import Digits, Phrase, Words
from tests.telephony.dialogues import AT_HOME, Talk, receipt, recorded, says

WASH, MEAL = Task("12", "Toilette"), Task("34", "Repas")
LEFT = receipt(Edge.DEPARTURE)


def leaving(mode: TaskMode = TaskMode.NONE, *tasks: Task) -> Talk:
    return recorded(Edge.DEPARTURE).keys("").hears(TasksListed(TaskSheet(mode, tasks)))


def test_an_arrival_is_never_asked_for_tasks() -> None:
    assert recorded(Edge.ARRIVAL).keys("").over


def test_a_departure_from_no_known_visit_is_never_asked_for_tasks() -> None:
    assert recorded(Edge.DEPARTURE, visit=None).keys("").over


def test_the_tasks_are_fetched_after_the_time_was_spoken() -> None:
    talk = recorded(Edge.DEPARTURE)
    assert says(talk, Phrase.DEPARTURE_AT)
    assert talk.keys("").awaits() == ListTasks(AT_HOME, LEFT)


def test_a_visit_without_tasks_goes_on_in_silence() -> None:
    talk = leaving(TaskMode.READ)
    assert talk.spoken == [Phrase.CONCERN]


def test_each_task_is_read_and_answered_by_one_key() -> None:
    talk = leaving(TaskMode.READ, WASH, MEAL)
    assert talk.spoken == [Words("Toilette"), Phrase.TASK_KEYS]
    assert talk.keys("1").spoken == [Words("Repas")]
    talk.keys("*")
    replies = (TaskReply(WASH, TaskAnswer.DONE), TaskReply(MEAL, TaskAnswer.REFUSED))
    assert talk.todo[0] == StoreTasks(AT_HOME, LEFT, replies)


def test_a_task_without_an_answer_is_read_twice_then_passed_over() -> None:
    talk = leaving(TaskMode.READ, WASH, MEAL).keys("")
    assert talk.spoken == [Words("Toilette"), Phrase.TASK_KEYS]
    assert talk.keys("5").spoken == [Words("Repas")]
    assert talk.keys("0").todo[0] == StoreTasks(AT_HOME, LEFT, (TaskReply(MEAL, TaskAnswer.NOT_DONE),))


def test_hanging_up_amid_the_tasks_keeps_the_answers_given() -> None:
    talk = leaving(TaskMode.READ, WASH, MEAL).keys("1").hears(HungUp())
    assert talk.todo == (StoreTasks(AT_HOME, LEFT, (TaskReply(WASH, TaskAnswer.DONE),)),)
    assert talk.over


def test_the_coordinator_is_reached_amid_the_tasks_and_the_answers_kept() -> None:
    talk = leaving(TaskMode.READ, WASH, MEAL).keys("1").keys("9")
    assert isinstance(talk.todo[0], StoreTasks)
    assert isinstance(talk.awaits(), Transfer)


def test_codes_are_keyed_and_read_back() -> None:
    talk = leaving(TaskMode.KEYED, WASH, MEAL).keys("12").keys("34*").keys("000")
    replies = (TaskReply(WASH, TaskAnswer.DONE), TaskReply(MEAL, TaskAnswer.REFUSED))
    assert talk.todo[0] == StoreTasks(AT_HOME, LEFT, replies)
    assert talk.spoken[:4] == [Digits("12"), Phrase.TASK_REFUSED, Digits("34"), Phrase.TASKS_NOTED]


def test_a_star_alone_says_that_the_task_before_was_refused() -> None:
    talk = leaving(TaskMode.KEYED, WASH).keys("12").keys("*").keys("000")
    assert talk.todo[0] == StoreTasks(AT_HOME, LEFT, (TaskReply(WASH, TaskAnswer.REFUSED),))


def test_a_code_keyed_twice_counts_once() -> None:
    talk = leaving(TaskMode.KEYED, WASH).keys("12").keys("12").keys("000")
    assert talk.todo[0] == StoreTasks(AT_HOME, LEFT, (TaskReply(WASH, TaskAnswer.DONE),))


def test_an_unknown_task_code_is_said_three_times_at_most() -> None:
    talk = leaving(TaskMode.KEYED, WASH).keys("77").keys("77")
    assert says(talk, Phrase.TASK_UNKNOWN)
    assert says(talk.keys("77"), Phrase.CONCERN)


def test_one_key_reports_a_concern() -> None:
    talk = leaving().keys("3")
    assert talk.awaits() == TakeNote(AT_HOME.organisation)
    talk.hears(NoteTaken("note-1.wav"))
    assert talk.todo[0] == ReportConcern(AT_HOME, LEFT, "note-1.wav")
    assert says(talk, Phrase.CONCERN_NOTED)


def test_the_concern_key_is_taken_as_soon_as_the_time_is_spoken() -> None:
    assert recorded(Edge.DEPARTURE).keys("3").awaits() == TakeNote(AT_HOME.organisation)


def test_a_concern_that_holds_no_voice_is_not_reported() -> None:
    assert not any(isinstance(act, ReportConcern) for act in leaving().keys("3").hears(NoteTaken(None)).done)


def test_a_departure_without_a_concern_just_ends() -> None:
    assert leaving().keys("").todo[-1] == HangUp()
    assert isinstance(leaving().awaits(), Ask)
