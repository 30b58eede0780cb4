"""The punches of a day, the attempts that failed, and the calls to give back."""

from dataclasses import dataclass

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from backoffice_web.access import person, requires
from backoffice_web.arguments import number_in
from backoffice_web.errors import wants_fragment
from backoffice_web.punches import words
from backoffice_web.punches.journal import VIEW_ICONS, VIEW_WORDS, Filters, View, read_journal
from backoffice_web.transaction import conn, now
from homecare.access.model import Permission
from homecare.access.queries import list_areas
from homecare.kernel.calendar import paris_day
from homecare.kernel.errors import NotFoundError
from homecare.kernel.ids import PunchId
from homecare.punches.cases import Decision, find_decision, find_punch
from homecare.punches.journal import JournalRow
from homecare.punches.operations import close_call_task, reopen_call_task
from homecare.punches.voice_notes import hear_note


@dataclass(frozen=True, slots=True)
class Case:
    """A punch and what was decided of it."""

    row: JournalRow
    decision: Decision


punches = Blueprint("punches", __name__, template_folder="templates", url_prefix="/pointages")


@punches.get("", endpoint="list")
@requires(Permission.SEE_PUNCHES)
def show_punches() -> str:
    """Show a day, what waits first; htmx gets the lists alone."""
    today = paris_day(now())
    return render_template(
        "punches/_lists.html" if wants_fragment() else "punches/list.html",
        journal=read_journal(conn(), Filters.read(request.args, today=today), now=now()),
        decided=_decided(),
        today=today,
        now=now(),
        areas=list_areas(conn()),
        views=[(view, VIEW_WORDS[view], VIEW_ICONS[view]) for view in View],
        words=words,
        doubt_word=words.doubt_word,
        flag_words=words.flag_words,
        task_words=words.TASK_WORDS,
        task_icons=words.TASK_ICONS,
        answer_words=words.ANSWER_WORDS,
        answer_icons=words.ANSWER_ICONS,
        silence_word=words.silence_word,
        may_act=person().may(Permission.HANDLE_ALERTS),
        may_export=person().may(Permission.EXPORT_LEDGER) and person().areas is None,
    )


def _decided() -> Case | None:
    """Return the punch that was decided just before, which the page offers to take back."""
    punch = number_in(request.args, "decide")
    decision = None if punch is None else find_decision(conn(), PunchId(punch))
    if punch is None or decision is None:
        return None
    try:
        return Case(find_punch(conn(), PunchId(punch)), decision)
    except NotFoundError:
        return None


@punches.post("/appels/<int:task>/fait")
@requires(Permission.HANDLE_ALERTS)
def close_task(task: int) -> ResponseReturnValue:
    """Note that the call was given; the page offers to take it back."""
    close_call_task(conn(), person().actor, task, now=now())
    return redirect(url_for("punches.list", vue=View.TASKS, fait=task), 303)


@punches.post("/appels/<int:task>/message")
@requires(Permission.HANDLE_ALERTS)
def hear_message(task: int) -> ResponseReturnValue:
    """Give what the worker said, to be played; who heard it is noted."""
    sound = hear_note(conn(), person().actor, task, now=now())
    return sound, 200, {"Content-Type": "audio/wav", "Cache-Control": "no-store"}


@punches.post("/appels/<int:task>/rouvrir")
@requires(Permission.HANDLE_ALERTS)
def reopen_task(task: int) -> ResponseReturnValue:
    """Put the call back among those to give."""
    reopen_call_task(conn(), person().actor, task, now=now())
    return redirect(url_for("punches.list", vue=View.TASKS), 303)
