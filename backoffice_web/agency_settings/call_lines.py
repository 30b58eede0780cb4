"""The numbers that workers call: whether each answers, one more, one less, a try at once."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from backoffice_web.access import person, requires
from backoffice_web.agency_settings.forms import CallLineForm
from backoffice_web.agency_settings.views import agency_settings
from backoffice_web.i18n import _
from backoffice_web.layout.formats import phone_number
from backoffice_web.transaction import conn, now
from homecare.access.call_lines import register_call_line, retire_call_line
from homecare.access.line_checks import list_line_states, want_check
from homecare.access.model import Permission
from homecare.kernel.calendar import paris_day
from homecare.kernel.errors import InvalidError


@agency_settings.route("/numeros", methods=["GET", "POST"])
@requires(Permission.CHANGE_SETTINGS)
def call_lines() -> ResponseReturnValue:
    """Show the numbers and how their last check ended; register one more."""
    form = CallLineForm()
    if form.is_sent_and_valid():
        number, label, trunk, rings_only = form.command()
        try:
            register_call_line(
                conn(), person().actor, number, label=label, trunk=trunk, rings_only=rings_only, now=now()
            )
        except InvalidError as error:
            form.refuse("number", str(error))
        else:
            flash(
                _(
                    "Le %(number)s est enregistré : appelez-le, ou essayez-le ici.",
                    number=phone_number(number),
                )
            )
            return redirect(url_for("agency_settings.call_lines"), 303)
    page = render_template(
        "agency_settings/call_lines.html",
        form=form,
        call_lines=list_line_states(conn()),
        today=paris_day(now()),
        now=now(),
    )
    return page, 422 if form.errors else 200


@agency_settings.post("/numeros/<int:call_line>/essai")
@requires(Permission.CHANGE_SETTINGS)
def try_call_line(call_line: int) -> ResponseReturnValue:
    """Have the number rung; its row and the board tell how it ended, within a minute."""
    want_check(conn(), person().actor, call_line, now=now())
    flash(_("Le numéro va être appelé : le résultat est au tableau et ici dans la minute."))
    return redirect(url_for("agency_settings.call_lines"), 303)


@agency_settings.post("/numeros/<int:call_line>/retirer")
@requires(Permission.CHANGE_SETTINGS)
def remove_call_line(call_line: int) -> ResponseReturnValue:
    """Answer no more at a number."""
    number = retire_call_line(conn(), person().actor, call_line, now=now())
    flash(_("Le %(number)s n'est plus un numéro de télépointage.", number=phone_number(number)))
    return redirect(url_for("agency_settings.call_lines"), 303)
