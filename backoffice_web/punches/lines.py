"""The lines from which the agency takes no call: who sees punches sees them, settings' right changes them."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from backoffice_web.access import person, requires
from backoffice_web.forms import Form
from backoffice_web.i18n import _
from backoffice_web.layout.formats import phone_number
from backoffice_web.punches.forms import RefusedLineForm
from backoffice_web.punches.views import punches
from backoffice_web.transaction import conn, now
from homecare.access.model import Permission
from homecare.clients.refused_lines import lift_refusal, list_refused_lines, refuse_line
from homecare.kernel.calendar import paris_day
from homecare.kernel.errors import InvalidError


@punches.get("/lignes-refusees")
@requires(Permission.SEE_PUNCHES)
def refused_lines() -> str:
    """Show the refused lines."""
    return _page(RefusedLineForm())


@punches.post("/lignes-refusees")
@requires(Permission.CHANGE_SETTINGS)
def refuse() -> ResponseReturnValue:
    """Take no call from a number any more."""
    form = RefusedLineForm()
    if not form.is_sent_and_valid():
        return _page(form), 422
    number = form.text("number")
    try:
        refuse_line(conn(), person().actor, number, reason=form.text("reason"), now=now())
    except InvalidError as error:
        form.refuse("number", str(error))
        return _page(form), 422
    flash(_("Le %(number)s est refusé : ses appels ne sont plus pris.", number=phone_number(number)))
    return redirect(url_for("punches.refused_lines"), 303)


@punches.post("/lignes-refusees/<int:line>/lever")
@requires(Permission.CHANGE_SETTINGS)
def lift(line: int) -> ResponseReturnValue:
    """Take calls from the number again."""
    if Form().is_sent_and_valid():
        number = lift_refusal(conn(), person().actor, line, now=now())
        flash(_("Les appels du %(number)s sont de nouveau pris.", number=phone_number(number)))
    return redirect(url_for("punches.refused_lines"), 303)


def _page(form: RefusedLineForm) -> str:
    return render_template(
        "punches/refused_lines.html",
        form=form,
        lines=list_refused_lines(conn()),
        today=paris_day(now()),
        may_change=person().may(Permission.CHANGE_SETTINGS),
    )
