"""A call as somebody would tell it: what was heard, what was keyed, how it ended. A line each, in French."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import yaml

from simulators.handset.call import CallReport
from simulators.handset.scenario import GAP, Keys
from simulators.handset.tunes import RATE, places, read_sound

PROMPTS = Path("var/prompts/fr")
WORDING = Path("telephony/wording/fr.yaml")
"""What the telephone says: its sounds, and the text of each."""

type Moment = tuple[float, str, str]
"""Seconds since the call began, what happened, which words."""


def tell(
    report: CallReport, keys: Keys, recording: Path, *, prompts: Path = PROMPTS, wording: Path = WORDING
) -> str:
    """Return the call in lines. Sentences of another folder of sounds, names and times are not recognised."""
    if not report["answered"]:
        if not report["status"]:
            return "Aucun téléphone n’écoute à cette adresse : l’installation est-elle lancée ?"
        return f"Personne n’a répondu (SIP {report['status']})."
    moments = sorted([*_pressed(keys), *_heard(recording, prompts, wording)])
    lines = [f"{seconds:5.1f} s  {what:<8} {words}" for seconds, what, words in moments]
    return "\n".join([*lines, _end(report)])


def _pressed(keys: Keys) -> Iterator[Moment]:
    at = 0.0
    for wait, digits in keys:
        at += wait
        yield at, "touches", digits
        at += len(digits) * GAP


def _heard(recording: Path, prompts: Path, wording: Path) -> Iterator[Moment]:
    """Yield the sentences of the telephone that are in the recording; a longer one hides those within it."""
    if not wording.exists():
        return
    texts: dict[str, str] = yaml.safe_load(wording.read_text(encoding="utf-8"))["phrases"]
    heard = read_sound(recording)
    tunes = {name: read_sound(path) for name in texts if (path := prompts / f"{name}.wav").exists()}
    taken: list[tuple[int, int]] = []
    for name, tune in sorted(tunes.items(), key=lambda one: -len(one[1])):
        for place in places(heard, tune):
            if _is_free(taken, place, place + len(tune)):
                taken.append((place, place + len(tune)))
                yield place / RATE, "entendu", f"« {texts[name]} »"


def _is_free(taken: Sequence[tuple[int, int]], since: int, until: int) -> bool:
    return all(until <= start or since >= end for start, end in taken)


def _end(report: CallReport) -> str:
    by = {
        "them": "le système a raccroché",
        "us": "l’appelant a raccroché",
        None: "rien n’a mis fin à l’appel",
    }
    seconds = report["seconds"]
    at = f"{seconds:5.1f} s" if seconds is not None else " " * 7
    return f"{at}  fin      {by[report['ended_by']]} ; {report['heard_seconds']:.1f} s de voix entendues"
