"""The settings of punches: whether telephones check the place, and how much proof is asked."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from backoffice_web.access import person, requires
from backoffice_web.agency_settings.forms import CallBackForm, MinimumForm, PlaceForm, SilenceForm
from backoffice_web.i18n import _, _n
from backoffice_web.layout.formats import full_day
from backoffice_web.transaction import conn, now
from homecare.access.model import Permission
from homecare.kernel.calendar import paris_day
from homecare.kernel.errors import InvalidError
from homecare.punches.call_back import change_call_back_setting, is_call_back_wanted
from homecare.punches.place_setting import change_place_setting, find_place_setting
from homecare.punches.proof_minimum import list_minimums, set_minimum
from homecare.punches.silence import change_silence_setting, find_silence_setting

agency_settings = Blueprint("agency_settings", __name__, template_folder="templates", url_prefix="/reglages")


@agency_settings.route("/pointage", methods=["GET", "POST"])
@requires(Permission.CHANGE_SETTINGS)
def punching() -> ResponseReturnValue:
    """Show and change the check of the place; telephones follow from their next page on."""
    form = PlaceForm().show(find_place_setting(conn()))
    if not form.is_sent_and_valid():
        return _page(form, _minimum_form()), 422 if form.errors else 200
    setting = form.command()
    change_place_setting(conn(), person().actor, setting, now=now())
    flash(
        _("Le lieu sera vérifié par les téléphones, à %(metres)s m près.", metres=setting.radius_metres)
        if setting.is_on
        else _("Le lieu n'est vérifié nulle part.")
    )
    return redirect(url_for("agency_settings.punching"), 303)


@agency_settings.post("/pointage/preuve")
@requires(Permission.CHANGE_SETTINGS)
def set_agency_minimum() -> ResponseReturnValue:
    """Ask for a grade of proof at every home, from a day on. A punch below it is marked, never blocked."""
    form = _minimum_form()
    if not form.is_sent_and_valid():
        return _page(_place_form_as_it_stands(), form), 422
    minimum, since = form.command()
    set_minimum(conn(), person().actor, None, minimum, since=since, now=now())
    flash(
        _("Preuve %(grade)s demandée à partir du %(day)s.", grade=minimum.value, day=full_day(since))
        if minimum
        else _("Aucune preuve minimale à partir du %(day)s.", day=full_day(since))
    )
    return redirect(url_for("agency_settings.punching"), 303)


@agency_settings.post("/pointage/rappel")
@requires(Permission.CHANGE_SETTINGS)
def set_call_back() -> ResponseReturnValue:
    """Choose whether the home is rung after a call from an unknown or hidden number."""
    form = CallBackForm()
    if not form.is_sent_and_valid():
        return _page(_place_form_as_it_stands(), _minimum_form()), 422
    is_on = bool(form.calls_back.data)
    change_call_back_setting(conn(), person().actor, is_on=is_on, now=now())
    flash(
        _("Le domicile sera rappelé après un appel d'un numéro inconnu ou masqué.")
        if is_on
        else _("Le domicile n'est plus rappelé.")
    )
    return redirect(url_for("agency_settings.punching"), 303)


@agency_settings.post("/pointage/silence")
@requires(Permission.CHANGE_SETTINGS)
def set_silence() -> ResponseReturnValue:
    """Choose after how many planned visits a silent line or tag becomes a task."""
    form = SilenceForm()
    if form.is_sent_and_valid():
        visits: int = form.visits.data
        try:
            change_silence_setting(conn(), person().actor, visits, now=now())
        except InvalidError as error:
            form.refuse("visits", str(error))
        else:
            flash(
                _n(
                    "Une ligne ou une étiquette muette sera signalée après %(num)s intervention.",
                    "Une ligne ou une étiquette muette sera signalée après %(num)s interventions.",
                    visits,
                )
                if visits
                else _("Les lignes et étiquettes muettes ne sont plus signalées.")
            )
            return redirect(url_for("agency_settings.punching"), 303)
    return _page(_place_form_as_it_stands(), _minimum_form(), form), 422


def _place_form_as_it_stands() -> PlaceForm:
    return PlaceForm(formdata=None).show(find_place_setting(conn()))


def _minimum_form() -> MinimumForm:
    sent = request.endpoint == "agency_settings.set_agency_minimum"
    form = MinimumForm() if sent else MinimumForm(formdata=None)
    return form.offer(_("aucune"), list_minimums(conn(), None), today=paris_day(now()))


def _page(form: PlaceForm, minimum_form: MinimumForm, silence_form: SilenceForm | None = None) -> str:
    return render_template(
        "agency_settings/punching.html",
        form=form,
        minimum_form=minimum_form,
        minimums=list_minimums(conn(), None),
        call_back_form=CallBackForm(formdata=None).show(is_on=is_call_back_wanted(conn())),
        silence_form=silence_form or SilenceForm(formdata=None).show(find_silence_setting(conn())),
    )
