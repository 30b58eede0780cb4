"""The guide's page of dialogues is what the dialogue says, and leaves no path out."""

from dataclasses import replace

import pytest

from telephony.actions import Ask, GiveBack, Say
from telephony.dialogue import Call, Stage
from telephony.scenes import SCENES
from telephony.speech import Phrase
from telephony.transcripts import PAGE, UnfinishedSceneError, play, write_page

BY_THE_DIALPLAN = {Phrase.KEPT_ALONE, Phrase.SORRY}


def test_the_committed_page_is_what_the_dialogue_says() -> None:
    assert PAGE.read_text(encoding="utf-8") == write_page(), "run `make dialogues`"


def test_every_stage_and_every_phrase_of_the_telephone_is_on_the_page() -> None:
    steps = [one for scene in SCENES for one in play(scene)]
    stages = {state.stage for _event, state, _actions in steps if isinstance(state, Call)}
    actions = [action for _event, _state, done in steps for action in done]
    heard = {
        sound
        for action in actions
        if isinstance(action, Say | Ask)
        for sound in action.sounds
        if isinstance(sound, Phrase)
    }
    assert stages == set(Stage)
    assert heard == set(Phrase) - BY_THE_DIALPLAN
    assert any(isinstance(action, GiveBack) for action in actions)


def test_a_scene_must_reach_the_end_of_its_call_and_stop_there() -> None:
    whole = SCENES[0]
    for events in (whole.events[:-1], (*whole.events, whole.events[-1])):
        with pytest.raises(UnfinishedSceneError):
            list(play(replace(whole, events=events)))
