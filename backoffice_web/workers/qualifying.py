"""What qualifies a worker: contracts, skills, weekly hours, what they avoid, their code."""

from datetime import time
from typing import TYPE_CHECKING, cast

from flask import current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from backoffice_web.access import person, requires
from backoffice_web.arguments import number_in
from backoffice_web.forms import Form
from backoffice_web.i18n import _
from backoffice_web.once import once
from backoffice_web.transaction import conn, now
from backoffice_web.workers.card import Forms
from backoffice_web.workers.forms import BanForm, ContractForm, HoursForm, SkillForm
from backoffice_web.workers.views import show_card, workers
from homecare.access.model import Permission
from homecare.kernel.calendar import paris_day
from homecare.kernel.errors import InvalidError
from homecare.kernel.ids import SkillId, WorkerId
from homecare.workers import operations
from homecare.workers.model import Worker
from homecare.workers.queries import find_worker, skill_named

if TYPE_CHECKING:
    from backoffice_web.app import BackOffice


def _found(worker: int) -> Worker:
    """Return the worker within reach. Raises `NotFoundError`."""
    return find_worker(conn(), WorkerId(worker))


def _back(worker: int) -> ResponseReturnValue:
    return redirect(url_for("workers.card", worker=worker), 303)


@workers.post("/<int:worker>/code")
@requires(Permission.CHANGE_WORKERS)
def renew_code(worker: int) -> ResponseReturnValue:
    """Draw a new code and show it: the only time it can be. The old one is void at once."""
    found = _found(worker)
    if not Form().is_sent_and_valid():
        return _back(worker)
    code = operations.give_code(
        conn(),
        person().actor,
        found.id,
        key=cast("BackOffice", current_app).settings.code_key,
        organisation=person().organisation,
        now=now(),
    )
    return render_template("workers/code.html", worker=found, code=code)


@workers.post("/<int:worker>/contrats")
@requires(Permission.CHANGE_WORKERS)
def sign_contract(worker: int) -> ResponseReturnValue:
    """Add a contract, or an amendment that replaces the one in force from its date on."""
    found, form = _found(worker), ContractForm()
    if form.is_sent_and_valid():
        try:
            return redirect(once(lambda: _sign_contract(found.id, form)), 303)
        except InvalidError as error:
            form.refuse("since", str(error))
    return show_card(found.id, Forms(contract=form)), 422


def _sign_contract(worker: WorkerId, form: ContractForm) -> str:
    with conn().transaction():
        operations.sign_contract(
            conn(),
            person().actor,
            worker,
            since=form.since.data,
            weekly_minutes=form.weekly_minutes,
            now=now(),
        )
    flash(_("Contrat enregistré."))
    return url_for("workers.card", worker=worker)


@workers.post("/<int:worker>/competences")
@requires(Permission.CHANGE_WORKERS)
def add_skill(worker: int) -> ResponseReturnValue:
    """Note a skill; one that the agency did not know yet joins its list."""
    found, form = _found(worker), SkillForm()
    if form.is_sent_and_valid():
        try:
            return redirect(once(lambda: _add_skill(found.id, form)), 303)
        except InvalidError as error:
            form.refuse("name", str(error))
    return show_card(found.id, Forms(skill=form)), 422


def _add_skill(worker: WorkerId, form: SkillForm) -> str:
    skill = skill_named(conn(), form.text("name"))
    operations.add_skill(
        conn(),
        worker,
        skill or operations.create_skill(conn(), form.text("name")),
        level=int(form.level.data),
        since=form.since.data,
        until=form.until,
    )
    flash(_("Compétence enregistrée."))
    return url_for("workers.card", worker=worker)


@workers.post("/<int:worker>/competences/retirer")
@requires(Permission.CHANGE_WORKERS)
def end_skill(worker: int) -> ResponseReturnValue:
    """Note that the skill is held no more from today on."""
    skill = SkillId(number_in(request.form, "skill") or 0)
    operations.end_skill(conn(), _found(worker).id, skill, on=paris_day(now()))
    flash(_("Compétence retirée à partir d'aujourd'hui."))
    return _back(worker)


@workers.post("/<int:worker>/disponibilites")
@requires(Permission.CHANGE_WORKERS)
def add_hours(worker: int) -> ResponseReturnValue:
    """Add weekly hours in which the worker may be planned, from today on."""
    found, form = _found(worker), HoursForm()
    if not form.is_sent_and_valid():
        return show_card(found.id, Forms(hours=form)), 422
    return redirect(once(lambda: _add_hours(found.id, form)), 303)


def _add_hours(worker: WorkerId, form: HoursForm) -> str:
    for weekday in form.days:
        operations.add_availability(
            conn(),
            worker,
            weekday=weekday,
            starts=form.starts.data,
            ends=form.ends.data,
            since=paris_day(now()),
        )
    flash(_("Disponibilités enregistrées."))
    return url_for("workers.card", worker=worker)


@workers.post("/<int:worker>/disponibilites/retirer")
@requires(Permission.CHANGE_WORKERS)
def end_hours(worker: int) -> ResponseReturnValue:
    """Let weekly hours count no more from today on."""
    found = _found(worker)
    weekday, _sep, starts = request.form.get("hours", "").partition("@")
    try:
        at = time.fromisoformat(starts)
    except ValueError:
        return _back(worker)
    number = int(weekday) if weekday in {"1", "2", "3", "4", "5", "6", "7"} else 0
    operations.end_availability(conn(), found.id, weekday=number, starts=at, on=paris_day(now()))
    flash(_("Disponibilité retirée à partir d'aujourd'hui."))
    return _back(worker)


@workers.post("/<int:worker>/incompatibilites")
@requires(Permission.CHANGE_WORKERS)
def ban(worker: int) -> ResponseReturnValue:
    """Note what the worker must not meet in a home."""
    found, form = _found(worker), BanForm()
    if not form.is_sent_and_valid():
        return show_card(found.id, Forms(ban=form)), 422
    trait, reason = form.command()
    operations.ban_trait(conn(), found.id, trait, reason=reason)
    return _back(worker)


@workers.post("/<int:worker>/incompatibilites/retirer")
@requires(Permission.CHANGE_WORKERS)
def lift_ban(worker: int) -> ResponseReturnValue:
    """Note that the worker may meet it again."""
    operations.lift_ban(conn(), _found(worker).id, request.form.get("trait", ""))
    return _back(worker)
