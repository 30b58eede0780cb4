"""Tasks at departure: how the telephone takes them, and the codes that workers key."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from backoffice_web.access import person, requires
from backoffice_web.agency_settings.forms import TASK_MODES, TaskCodeForm, TaskModeForm
from backoffice_web.agency_settings.views import agency_settings
from backoffice_web.i18n import _
from backoffice_web.transaction import conn, now
from homecare.access.model import Permission
from homecare.kernel.errors import InvalidError
from homecare.punches.task_codes import (
    add_task_code,
    change_task_code,
    change_task_mode,
    find_task_mode,
    list_task_codes,
    retire_task_code,
)
from homecare.punches.tasks import TaskMode


@agency_settings.route("/taches", methods=["GET", "POST"])
@requires(Permission.CHANGE_SETTINGS)
def task_codes() -> ResponseReturnValue:
    """Show the codes and how tasks are taken; change how."""
    form = TaskModeForm().show(find_task_mode(conn()))
    if not form.is_sent_and_valid():
        return _page(mode_form=form), 422 if form.errors else 200
    mode = form.command()
    change_task_mode(conn(), person().actor, mode, now=now())
    flash(_("Au départ, dès le prochain appel : %(mode)s.", mode=str(TASK_MODES[mode]).lower()))
    return redirect(url_for("agency_settings.task_codes"), 303)


@agency_settings.post("/taches/codes")
@requires(Permission.CHANGE_SETTINGS)
def add_code() -> ResponseReturnValue:
    """Give a task its code."""
    form = TaskCodeForm()
    if form.is_sent_and_valid():
        code, label = form.command()
        try:
            add_task_code(conn(), person().actor, code, label, now=now())
        except InvalidError as error:
            form.refuse("code", str(error))
        else:
            flash(_("Code %(code)s ajouté : %(label)s.", code=code, label=label))
            return redirect(url_for("agency_settings.task_codes"), 303)
    return _page(new_form=form), 422


@agency_settings.route("/taches/codes/<int:task_code>", methods=["GET", "POST"])
@requires(Permission.CHANGE_SETTINGS)
def change_code(task_code: int) -> ResponseReturnValue:
    """Change a code or the name of its task; what was keyed before keeps its words."""
    one = next((one for one in list_task_codes(conn()) if one.id == task_code), None)
    form = TaskCodeForm(obj=one)
    if form.is_sent_and_valid():
        code, label = form.command()
        try:
            change_task_code(conn(), person().actor, task_code, code, label, now=now())
        except InvalidError as error:
            form.refuse("code", str(error))
        else:
            flash(_("Code %(code)s enregistré : %(label)s.", code=code, label=label))
            return redirect(url_for("agency_settings.task_codes"), 303)
    elif one is None:
        flash(_("Ce code de tâche n'est plus en service."))
        return redirect(url_for("agency_settings.task_codes"), 303)
    page = render_template("agency_settings/task_code.html", form=form, task_code=task_code)
    return page, 422 if form.errors else 200


@agency_settings.post("/taches/codes/<int:task_code>/retirer")
@requires(Permission.CHANGE_SETTINGS)
def retire_code(task_code: int) -> ResponseReturnValue:
    """Take the code no more."""
    retire_task_code(conn(), person().actor, task_code, now=now())
    flash(_("Code retiré : la voix le dira inconnu. Ce qui a été noté avec lui reste."))
    return redirect(url_for("agency_settings.task_codes"), 303)


def _page(*, mode_form: TaskModeForm | None = None, new_form: TaskCodeForm | None = None) -> str:
    mode = find_task_mode(conn())
    codes = list_task_codes(conn())
    return render_template(
        "agency_settings/task_codes.html",
        mode_form=mode_form or TaskModeForm(formdata=None).show(mode),
        new_form=new_form or TaskCodeForm(formdata=None),
        codes=codes,
        lacks_codes=mode is TaskMode.KEYED and not codes,
    )
