"""The areas: listed with the number that 0 or 9 rings in each, one more, renamed, given another number."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from backoffice_web.access import person, requires
from backoffice_web.addresses.book import book
from backoffice_web.agency_settings.area_forms import AreaCardForm, AreaForm, NewAreaForm
from backoffice_web.agency_settings.views import agency_settings
from backoffice_web.i18n import _
from backoffice_web.layout.formats import phone_number
from backoffice_web.once import once
from backoffice_web.transaction import conn, now
from homecare.access.areas import (
    DutyNumberError,
    add_area,
    change_area,
    find_area_card,
    list_area_cards,
    stand_in,
)
from homecare.access.model import Permission
from homecare.access.queries import list_companies
from homecare.kernel.errors import InvalidError, StaleError
from homecare.kernel.ids import AreaId


@agency_settings.route("/secteurs", methods=["GET", "POST"])
@requires(Permission.CHANGE_AREAS)
def areas() -> ResponseReturnValue:
    """List the areas, with whom 0 reaches in each; add one."""
    companies = list_companies(conn())
    form = NewAreaForm().offer(companies)
    if form.is_sent_and_valid():
        try:
            return redirect(once(lambda: _add(form)), 303)
        except InvalidError as error:
            _refuse(form, error)
    cards = list_area_cards(conn())
    page = render_template(
        "agency_settings/areas.html",
        form=form,
        areas=cards,
        stand_in=stand_in(cards),
        has_companies=len(companies) > 1,
        city_of=book().city_of,
    )
    return page, 422 if form.errors else 200


def _add(form: NewAreaForm) -> str:
    name, duty_number = form.command()
    add_area(conn(), person().actor, form.company_id(), name=name, duty_number=duty_number, now=now())
    flash(_("Secteur « %(name)s » ajouté.", name=name))
    return url_for("agency_settings.areas")


@agency_settings.route("/secteurs/<int:area>", methods=["GET", "POST"])
@requires(Permission.CHANGE_AREAS)
def area(area: int) -> ResponseReturnValue:
    """Show an area; rename it, change the number that 0 rings from the next call on."""
    found = find_area_card(conn(), AreaId(area))
    form = AreaCardForm().show_card(AreaCardForm.standing(found), found.revision)
    if form.is_sent_and_valid():
        name, number = form.command()
        try:
            change_area(
                conn(),
                person().actor,
                found.id,
                revision=form.revision_read,
                name=name,
                duty_number=number,
                now=now(),
            )
        except StaleError:
            found = find_area_card(conn(), found.id)
            form.resume(AreaCardForm.standing(found), found.revision)
        except InvalidError as error:
            _refuse(form, error)
        else:
            flash(
                _(
                    "Secteur « %(name)s » enregistré : dès le prochain appel, 0 ou 9 appelle le %(number)s.",
                    name=name,
                    number=phone_number(number),
                )
                if number
                else _("Secteur « %(name)s » enregistré, sans numéro d'astreinte.", name=name)
            )
            return redirect(url_for("agency_settings.areas"), 303)
    page = render_template("agency_settings/area.html", form=form, area=found)
    return page, 422 if form.errors or form.is_stale else 200


def _refuse(form: AreaForm, error: InvalidError) -> None:
    form.refuse("duty_number" if isinstance(error, DutyNumberError) else "name", str(error))
