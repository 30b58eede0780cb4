"""Payers: listed, added, renamed, retired and taken back, each with the proof that it asks."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from backoffice_web.access import person, requires
from backoffice_web.agency_settings.forms import MinimumForm
from backoffice_web.agency_settings.payer_forms import PayerForm
from backoffice_web.agency_settings.views import agency_settings
from backoffice_web.i18n import _
from backoffice_web.layout.formats import full_day
from backoffice_web.transaction import conn, now
from homecare.access.model import Permission
from homecare.kernel.calendar import paris_day
from homecare.kernel.errors import InvalidError, NotFoundError
from homecare.kernel.ids import PayerId
from homecare.payers.model import Payer
from homecare.payers.operations import add_payer, change_payer, restore_payer, retire_payer
from homecare.payers.queries import list_payers
from homecare.punches.proof_minimum import list_minimums, list_payers_minimums, set_minimum


@agency_settings.route("/payeurs", methods=["GET", "POST"])
@requires(Permission.CHANGE_PAYERS)
def payers() -> ResponseReturnValue:
    """List the payers, with what each asks today; add one, whose page then takes what it asks."""
    form = PayerForm()
    if form.is_sent_and_valid():
        kind, name = form.command()
        try:
            added = add_payer(conn(), person().actor, kind, name, now=now())
        except InvalidError as error:
            form.refuse("name", str(error))
        else:
            flash(_("Payeur ajouté. Dites maintenant quelle preuve il demande, s'il en demande une."))
            return redirect(url_for("agency_settings.payer", payer=added), 303)
    today = paris_day(now())
    page = render_template(
        "agency_settings/payers.html",
        form=form,
        payers=list_payers(conn(), day=today),
        asked=list_payers_minimums(conn(), day=today),
    )
    return page, 422 if form.errors else 200


@agency_settings.route("/payeurs/<int:payer>", methods=["GET", "POST"])
@requires(Permission.CHANGE_PAYERS)
def payer(payer: int) -> ResponseReturnValue:
    """Show a payer: what it is called, what it asks, whether it serves; rename it."""
    found = _find(payer)
    form = PayerForm(obj=found)
    if form.is_sent_and_valid():
        kind, name = form.command()
        try:
            change_payer(conn(), person().actor, found.id, kind, name, now=now())
        except InvalidError as error:
            form.refuse("name", str(error))
        else:
            flash(_("Payeur enregistré."))
            return _back(found)
    return _page(found, form, _minimum_form(found, sent=False)), 422 if form.errors else 200


@agency_settings.post("/payeurs/<int:payer>/preuve")
@requires(Permission.CHANGE_PAYERS)
def set_payer_minimum(payer: int) -> ResponseReturnValue:
    """Note the proof that a payer asks, from a day on, at every client it pays for."""
    found = _find(payer)
    form = _minimum_form(found, sent=True)
    if not form.is_sent_and_valid():
        return _page(found, PayerForm(formdata=None, obj=found), form), 422
    minimum, since = form.command()
    set_minimum(conn(), person().actor, None, minimum, since=since, now=now(), payer=found.id)
    flash(
        _(
            "« %(name)s » demande la preuve %(grade)s à partir du %(day)s.",
            name=found.name,
            grade=minimum.value,
            day=full_day(since),
        )
        if minimum
        else _("« %(name)s » ne demande rien à partir du %(day)s.", name=found.name, day=full_day(since))
    )
    return _back(found)


@agency_settings.post("/payeurs/<int:payer>/retirer")
@requires(Permission.CHANGE_PAYERS)
def retire(payer: int) -> ResponseReturnValue:
    """Let a payer pay and ask for nothing from today on; its page takes that back."""
    found = _find(payer)
    retire_payer(conn(), person().actor, found.id, now=now())
    flash(_("« %(name)s » est retiré : il ne paie et ne demande plus rien.", name=found.name))
    return redirect(url_for("agency_settings.payers"), 303)


@agency_settings.post("/payeurs/<int:payer>/reprendre")
@requires(Permission.CHANGE_PAYERS)
def restore(payer: int) -> ResponseReturnValue:
    """Take a payer back, with its clients and what it asked."""
    found = _find(payer)
    restore_payer(conn(), person().actor, found.id, now=now())
    flash(_("« %(name)s » est de nouveau en service.", name=found.name))
    return _back(found)


def _find(payer: int) -> Payer:
    found = list_payers(conn(), day=paris_day(now()), payer=PayerId(payer))
    if not found:
        raise NotFoundError("Ce payeur n’existe pas.")
    return found[0]


def _back(payer: Payer) -> ResponseReturnValue:
    return redirect(url_for("agency_settings.payer", payer=payer.id), 303)


def _minimum_form(payer: Payer, *, sent: bool) -> MinimumForm:
    form = MinimumForm() if sent else MinimumForm(formdata=None)
    standing = list_minimums(conn(), None, payer=payer.id)
    return form.offer(_("aucune"), standing, today=paris_day(now()))


def _page(payer: Payer, form: PayerForm, minimum_form: MinimumForm) -> str:
    return render_template(
        "agency_settings/payer.html",
        payer=payer,
        form=form,
        minimum_form=minimum_form,
        minimums=list_minimums(conn(), None, payer=payer.id),
    )
