"""The guide's page of dialogues: what is heard and keyed on each path, played by the dialogue itself.

`python -m telephony.transcripts` writes docs/guide/dialogues.md.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

from homecare.workers.model import Language
from telephony.actions import (
    Action,
    Ask,
    Confirm,
    GiveBack,
    HangUp,
    NoteRefusal,
    Record,
    ReportConcern,
    RequestCallBack,
    RingHome,
    Say,
    StoreTasks,
    TakeNote,
    Transfer,
)
from telephony.dialogue import Opening, Over, State
from telephony.events import Event, HungUp, Keyed
from telephony.ivr import step
from telephony.scenes import SCENES, Scene
from telephony.speech import Phrase, Spoken
from telephony.wordings import Wording, read_wording

PAGE = Path(__file__).parent.parent / "docs/guide/dialogues.md"
_HEAD = """# Les dialogues du téléphone

Ce que l’intervenant entend et tape, chemin par chemin. Page écrite par le dialogue lui-même :
`make dialogues`.
"""
_ACTS: dict[type[Action], str] = {
    Record: "le pointage est remis au système",
    Confirm: "le pointage est remis au système, à l’heure de l’appel manqué",
    StoreTasks: "les réponses sont notées",
    TakeNote: "un signal ; l’intervenant parle",
    ReportConcern: "le message attend le responsable",
    Transfer: "le numéro d’astreinte sonne",
    RequestCallBack: "l’agence est priée de rappeler",
    NoteRefusal: "l’agence voit la tentative",
    RingHome: "le téléphone du domicile sonnera après l’appel",
    HangUp: "fin de l’appel",
}
"""What is done and not heard. A look-up is not told."""


class UnfinishedSceneError(Exception):
    """A scene ends before its call does, or goes on after it."""


def write_page() -> str:
    """Return the page. Raises `UnfinishedSceneError`."""
    wording = read_wording(Language.FRENCH)
    return _HEAD + "".join(f"\n## {scene.title}\n\n{_write_scene(scene, wording)}" for scene in SCENES)


def play(scene: Scene) -> Iterator[tuple[Event, State, tuple[Action, ...]]]:
    """Play a call; after each event give the state and what is to be done. Raises `UnfinishedSceneError`."""
    state: State = Opening()
    for event in scene.events:
        if isinstance(state, Over):
            raise UnfinishedSceneError(scene.title)
        state, actions = step(state, event)
        yield event, state, actions
    if not isinstance(state, Over):
        raise UnfinishedSceneError(scene.title)


def _write_scene(scene: Scene, wording: Wording) -> str:
    lines: list[str] = []
    for event, _state, actions in play(scene):
        match event:
            case Keyed(keys=keys):
                lines.append(f"Touches : `{keys}`" if keys else "*(rien n’est tapé)*")
            case HungUp():
                lines.append("*(l’intervenant raccroche)*")
            case _:
                pass
        lines += [line for action in actions if (line := _write_action(action, wording))]
    return "".join(f"- {line}\n" for line in lines)


def _write_action(action: Action, wording: Wording) -> str:
    match action:
        case Say(sounds=sounds) | Ask(sounds=sounds):
            return _quote(sounds, wording)
        case GiveBack():
            kept, sorry = _quote((Phrase.KEPT_ALONE,), wording), _quote((Phrase.SORRY,), wording)
            return f"*(le central prend le code et le garde)* {kept} S’il n’a pas pu : {sorry}"
        case _:
            word = _ACTS.get(type(action))
            return f"*({word})*" if word else ""


def _quote(sounds: tuple[Spoken, ...], wording: Wording) -> str:
    return f"« {' · '.join(wording.text_of(sound) for sound in sounds)} »" if sounds else ""


if __name__ == "__main__":
    PAGE.write_text(write_page(), encoding="utf-8")
    sys.stdout.write(f"{PAGE}\n")
