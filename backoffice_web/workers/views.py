"""The list of workers, a worker's card, hiring and changing one."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from backoffice_web.access import person, requires
from backoffice_web.addresses.book import book
from backoffice_web.arguments import area_in, day_in, search_in
from backoffice_web.errors import wants_fragment
from backoffice_web.i18n import _
from backoffice_web.once import once
from backoffice_web.transaction import conn, now
from backoffice_web.workers.card import Forms, read_card
from backoffice_web.workers.forms import LANGUAGES, MODES, NewWorkerForm, WorkerCardForm
from homecare.access.model import Permission
from homecare.access.queries import list_areas, list_companies
from homecare.kernel.calendar import paris_day
from homecare.kernel.errors import StaleError
from homecare.kernel.ids import WorkerId
from homecare.visits.planning import minutes_of_week
from homecare.workers import operations
from homecare.workers.queries import find_worker, list_workers

workers = Blueprint("workers", __name__, template_folder="templates", url_prefix="/intervenants")


@workers.get("", endpoint="list")
@requires(Permission.SEE_WORKERS)
def show_workers() -> str:
    """Show the workers of today by name; htmx gets the rows alone, as one types."""
    search, area, today = search_in(request.args), area_in(request.args), paris_day(now())
    return render_template(
        "workers/_rows.html" if wants_fragment() else "workers/list.html",
        workers=list_workers(conn(), day=today, search=search, area=area),
        week_minutes=minutes_of_week(conn(), today.fromordinal(today.toordinal() - today.weekday())),
        areas=list_areas(conn()),
        search=search,
        area=area,
        modes=dict(MODES),
    )


@workers.route("/nouveau", methods=["GET", "POST"])
@requires(Permission.CHANGE_WORKERS)
def new() -> ResponseReturnValue:
    """Hire a worker: card, first contract, usual hours. The code is given from the card."""
    form = NewWorkerForm().offer(list_areas(conn()))
    form.offer_companies(list_companies(conn()), day=paris_day(now()))
    if not form.is_sent_and_valid():
        return render_template("workers/new.html", form=form), 422 if form.errors else 200
    return redirect(once(lambda: _hire(form)), 303)


def _hire(form: NewWorkerForm) -> str:
    typed, actor, since = form.command(book()), person().actor, form.since.data
    worker = operations.create_worker(
        conn(),
        actor,
        company=form.company,
        area=typed.area,
        last_name=typed.last_name,
        first_name=typed.first_name,
        travel_mode=typed.travel_mode,
        phone=typed.phone,
        language=typed.language,
        street=typed.street,
        postal_code=typed.postal_code,
        city=typed.city,
        lon=typed.lon,
        lat=typed.lat,
        now=now(),
    )
    operations.sign_contract(
        conn(), actor, worker, since=since, weekly_minutes=form.weekly_minutes, now=now()
    )
    for weekday in form.days:
        operations.add_availability(
            conn(), worker, weekday=weekday, starts=form.starts.data, ends=form.ends.data, since=since
        )
    flash(_("Intervenant ajouté. Donnez-lui maintenant son code de pointage."))
    return url_for("workers.card", worker=worker)


@workers.get("/<int:worker>")
@requires(Permission.SEE_WORKERS)
def card(worker: int) -> str:
    """Show a worker's card as it stands today, or on `jour`."""
    return show_card(WorkerId(worker), Forms())


def show_card(worker: WorkerId, forms: Forms) -> str:
    """Return the card, with the forms as they were sent when one was refused."""
    today = paris_day(now())
    return render_template(
        "workers/card.html",
        card=read_card(conn(), worker, day=day_in(request.args, otherwise=today), now=now()),
        forms=forms,
        today=today,
        now=now(),
        modes=dict(MODES),
        languages=dict(LANGUAGES),
        may_change=person().may(Permission.CHANGE_WORKERS),
    )


@workers.route("/<int:worker>/modifier", methods=["GET", "POST"])
@requires(Permission.CHANGE_WORKERS)
def edit(worker: int) -> ResponseReturnValue:
    """Change what the card says of the person."""
    found = find_worker(conn(), WorkerId(worker))
    form = WorkerCardForm().offer(list_areas(conn()))
    form.show_card(WorkerCardForm.standing(found), found.revision)
    if form.is_sent_and_valid():
        try:
            _update(found.id, form)
        except StaleError:
            stands = find_worker(conn(), found.id)
            form.resume(WorkerCardForm.standing(stands), stands.revision)
        else:
            flash(_("Fiche enregistrée."))
            return redirect(url_for("workers.card", worker=worker), 303)
    page = render_template("workers/edit.html", form=form, worker=found)
    return page, 422 if form.errors or form.is_stale else 200


def _update(worker: WorkerId, form: WorkerCardForm) -> None:
    typed = form.command(book())
    operations.update_worker(
        conn(),
        person().actor,
        worker,
        revision=form.revision_read,
        area=typed.area,
        last_name=typed.last_name,
        first_name=typed.first_name,
        travel_mode=typed.travel_mode,
        phone=typed.phone,
        language=typed.language,
        street=typed.street,
        postal_code=typed.postal_code,
        city=typed.city,
        lon=typed.lon,
        lat=typed.lat,
        left_on=form.left_on.data,
        now=now(),
    )
