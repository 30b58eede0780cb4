from datetime import UTC, datetime

from telephony.actions import Ask, CheckCode, HangUp, ListVisits
from telephony.events import CodeLookedUp, HungUp, Opened, VisitsListed
from telephony.model import Day, Missing, PlannedVisit
from telephony.speech import Phrase, TimeOfDay, Words
from tests.telephony.dialogues import AT_HOME, CODE, ELSEWHERE, INES, Talk, at_home, recorded, says

VISIT = PlannedVisit(datetime(2026, 3, 3, 15, 0, tzinfo=UTC), "rue des Lilas")


def schedule() -> Talk:
    return at_home().keys("*").keys(CODE).hears(CodeLookedUp(INES))


def test_a_star_before_the_code_reads_the_schedule_and_punches_nothing() -> None:
    talk = at_home().keys("*")
    assert says(talk, Phrase.CODE_FOR_SCHEDULE)
    talk.keys(CODE).hears(CodeLookedUp(INES))
    assert talk.awaits() == ListVisits(AT_HOME, INES, Day.TODAY)
    talk.hears(VisitsListed((VISIT,)))
    assert talk.spoken == [Phrase.TODAY, TimeOfDay(16, 0), Words("rue des Lilas"), Phrase.TOMORROW_KEY]


def test_a_star_and_the_code_in_one_go_are_understood() -> None:
    talk = at_home().keys("*12345")
    assert talk.awaits() == Ask((), digits=1, seconds=5.0)
    assert talk.keys("6").awaits() == CheckCode(AT_HOME, CODE)


def test_the_schedule_is_heard_from_any_telephone_without_a_home_code() -> None:
    talk = Talk(Opened(ELSEWHERE)).keys("*").keys(CODE).hears(CodeLookedUp(INES))
    assert talk.awaits() == ListVisits(ELSEWHERE, INES, Day.TODAY)


def test_a_star_after_the_punch_reads_the_schedule_too() -> None:
    assert recorded().keys("*").awaits() == ListVisits(AT_HOME, INES, Day.TODAY)


def test_tomorrow_is_one_key_away_and_the_last_thing_read() -> None:
    talk = schedule().hears(VisitsListed(())).keys("1")
    assert talk.awaits() == ListVisits(AT_HOME, INES, Day.TOMORROW)
    talk.hears(VisitsListed(()))
    assert says(talk, Phrase.TOMORROW_EMPTY)
    assert talk.todo[-1] == HangUp()


def test_a_day_without_visits_is_said() -> None:
    assert says(schedule().hears(VisitsListed(())), Phrase.TODAY_EMPTY)


def test_a_long_day_is_cut_at_a_dozen_visits() -> None:
    talk = schedule().hears(VisitsListed((VISIT,) * 40))
    assert talk.spoken.count(Words("rue des Lilas")) == 12


def test_without_a_database_there_is_no_schedule() -> None:
    away = at_home().keys("*").keys(CODE).hears(CodeLookedUp(Missing.DATABASE_AWAY))
    assert says(away, Phrase.UNAVAILABLE)
    assert says(schedule().hears(VisitsListed(None)), Phrase.UNAVAILABLE)


def test_hanging_up_instead_of_hearing_the_schedule_is_no_refused_punch() -> None:
    assert at_home().keys("*").hears(HungUp()).todo == ()
