"""The settings of punches: whether telephones check the place."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from backoffice_web.access import person, requires
from backoffice_web.agency_settings.forms import PlaceForm
from backoffice_web.i18n import _
from backoffice_web.transaction import conn, now
from homecare.access.model import Permission
from homecare.punches.place_setting import change_place_setting, find_place_setting

agency_settings = Blueprint("agency_settings", __name__, template_folder="templates", url_prefix="/reglages")


@agency_settings.route("/pointage", methods=["GET", "POST"])
@requires(Permission.CHANGE_SETTINGS)
def punching() -> ResponseReturnValue:
    """Show and change the check of the place; telephones follow from their next page on."""
    form = PlaceForm().show(find_place_setting(conn()))
    if not form.is_sent_and_valid():
        return render_template("agency_settings/punching.html", form=form), 422 if form.errors else 200
    setting = form.command()
    change_place_setting(conn(), person().actor, setting, now=now())
    flash(
        _("Le lieu sera vérifié par les téléphones, à %(metres)s m près.", metres=setting.radius_metres)
        if setting.is_on
        else _("Le lieu n'est vérifié nulle part.")
    )
    return redirect(url_for("agency_settings.punching"), 303)
