"""The page of one punch: what was punched, what was made of it, and while it waits the two outcomes."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from backoffice_web.access import person, requires
from backoffice_web.arguments import number_in, search_in
from backoffice_web.i18n import _, translate
from backoffice_web.punches import words
from backoffice_web.punches.forms import LinkForm, RejectForm
from backoffice_web.punches.journal import View
from backoffice_web.punches.proposing import find_others, propose_for
from backoffice_web.punches.views import punches
from backoffice_web.transaction import conn, now
from homecare.access.model import Permission
from homecare.alerts.operations import arm, reopen_from_visits
from homecare.kernel.calendar import paris_day
from homecare.kernel.errors import InvalidError, StaleError
from homecare.kernel.ids import PunchId
from homecare.punches.cases import find_decision, find_kept, find_punch, list_history
from homecare.punches.deciding import Decided, link, reject, take_back
from homecare.punches.waiting import read_known


@punches.get("/<int:punch>", endpoint="case")
@requires(Permission.SEE_PUNCHES)
def show_case(punch: int) -> str:
    """Show a punch; `q` looks for a visit that is not proposed."""
    return _page(PunchId(punch))


@punches.post("/<int:punch>/rattacher", endpoint="link")
@requires(Permission.HANDLE_ALERTS)
def link_punch(punch: int) -> ResponseReturnValue:
    """Make the punch an end of a visit; the list that follows offers to take it back."""
    find_punch(conn(), PunchId(punch))
    form = LinkForm()
    if not form.is_sent_and_valid():
        return _page(PunchId(punch), refusal=_("Choisissez une intervention proposée.")), 422
    asked = form.command()
    try:
        decided = link(
            conn(),
            person().actor,
            PunchId(punch),
            asked.visit,
            asked.edge,
            instead_of=asked.instead_of,
            now=now(),
        )
    except (InvalidError, StaleError) as error:
        return _page(PunchId(punch), refusal=translate(str(error))), 422
    arm(conn(), decided.visits, now=now())
    return _next(decided)


@punches.post("/<int:punch>/rejeter", endpoint="reject")
@requires(Permission.HANDLE_ALERTS)
def reject_punch(punch: int) -> ResponseReturnValue:
    """Let the punch belong to no visit, for a reason."""
    find_punch(conn(), PunchId(punch))
    form = RejectForm()
    if not form.is_sent_and_valid():
        return _page(PunchId(punch), rejecting=form), 422
    reason, comment = form.command()
    try:
        decided = reject(conn(), person().actor, PunchId(punch), reason, comment=comment, now=now())
    except InvalidError as error:
        return _page(PunchId(punch), rejecting=form, refusal=translate(str(error))), 422
    return _next(decided)


@punches.post("/<int:punch>/annuler")
@requires(Permission.HANDLE_ALERTS)
def undo_decision(punch: int) -> ResponseReturnValue:
    """Let the punch wait again, and the alerts that its arrival had closed."""
    find_punch(conn(), PunchId(punch))
    try:
        decided = take_back(conn(), person().actor, PunchId(punch), now=now())
    except StaleError as error:
        return _page(PunchId(punch), refusal=translate(str(error))), 422
    reopen_from_visits(conn(), decided.visits, now=now())
    arm(conn(), decided.visits, now=now())
    flash(_("Décision annulée : le pointage attend de nouveau."))
    return redirect(url_for("punches.case", punch=punch), 303)


def _next(decided: Decided) -> ResponseReturnValue:
    """Go on with what waits that day; the list says what was decided."""
    day = paris_day(decided.punched_at).isoformat()
    return redirect(url_for("punches.list", vue=View.WAITING, jour=day, decide=decided.punch), 303)


def _page(punch: PunchId, *, refusal: str = "", rejecting: RejectForm | None = None) -> str:
    row = find_punch(conn(), punch)
    decision = find_decision(conn(), punch)
    known = read_known(conn(), [(punch, row.punched_at)])[punch]
    waits = words.waits(row)
    proposals = propose_for(conn(), {punch: known})[punch] if waits else []
    search = search_in(request.args)
    return render_template(
        "punches/case.html",
        row=row,
        decision=decision,
        kept=find_kept(conn(), punch, row.punched_at),
        history=list_history(conn(), punch),
        waits=waits,
        proposals=proposals,
        search=search,
        others=find_others(conn(), known, search, but=proposals) if waits and search else [],
        rejecting=rejecting or RejectForm(),
        is_rejecting=rejecting is not None or number_in(request.args, "rejeter") is not None,
        refusal=refusal,
        today=paris_day(now()),
        words=words,
        may_act=person().may(Permission.HANDLE_ALERTS),
    )
