"""The punches of a day, the attempts that failed, and the calls to give back."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from backoffice_web.access import person, requires
from backoffice_web.errors import wants_fragment
from backoffice_web.punches import words
from backoffice_web.punches.journal import VIEW_ICONS, VIEW_WORDS, Filters, View, read_journal
from backoffice_web.transaction import conn, now
from homecare.access.model import Permission
from homecare.access.queries import list_areas
from homecare.kernel.calendar import paris_day
from homecare.punches.operations import close_call_task, reopen_call_task
from homecare.punches.voice_notes import hear_note

punches = Blueprint("punches", __name__, template_folder="templates", url_prefix="/pointages")


@punches.get("", endpoint="list")
@requires(Permission.SEE_PUNCHES)
def show_punches() -> str:
    """Show a day, what waits first; htmx gets the lists alone."""
    today = paris_day(now())
    return render_template(
        "punches/_lists.html" if wants_fragment() else "punches/list.html",
        journal=read_journal(conn(), Filters.read(request.args, today=today)),
        today=today,
        now=now(),
        areas=list_areas(conn()),
        views=[(view, VIEW_WORDS[view], VIEW_ICONS[view]) for view in View],
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
