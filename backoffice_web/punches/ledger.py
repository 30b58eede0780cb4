"""The ledger's page: the days that are sealed, and the archive that an auditor takes away."""

import tempfile
from collections.abc import Iterator
from datetime import timedelta
from typing import IO

from flask import Response, render_template
from flask.typing import ResponseReturnValue

from backoffice_web.access import person, requires
from backoffice_web.i18n import _
from backoffice_web.punches.forms import LedgerForm
from backoffice_web.punches.views import punches
from backoffice_web.transaction import conn, now
from homecare.access.model import Permission
from homecare.kernel.calendar import paris_day
from homecare.kernel.errors import ForbiddenError
from homecare.punches.ledger.exporting import export_ledger
from homecare.punches.ledger.sealing import list_seals
from homecare.punches.ledger.stamping import list_stamps

SHOWN = timedelta(days=35)
# Beyond this an archive is written to the disk while it is made.
_IN_MEMORY = 16 * 2**20
_CHUNK = 2**16


@punches.get("/registre")
@requires(Permission.EXPORT_LEDGER)
def ledger() -> str:
    """Show the last sealed days."""
    _see_everything()
    today = paris_day(now())
    return _page(LedgerForm(first=(today - SHOWN).replace(day=1), last=today - timedelta(days=1)))


@punches.post("/registre")
@requires(Permission.EXPORT_LEDGER)
def take_ledger() -> ResponseReturnValue:
    """Give the archive of the sealed days of a period."""
    _see_everything()
    form = LedgerForm()
    if not form.is_sent_and_valid():
        return _page(form), 422
    since, until = form.command()
    archive = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 - closed when it was sent
    seals = export_ledger(conn(), person().actor, archive, since=since, until=until, now=now())
    if not seals:
        archive.close()
        form.refuse("last", _("Aucun jour de cette période n’est scellé."))
        return _page(form), 422
    answer = Response(_chunks(archive), mimetype="application/zip")
    name = f"registre-{seals[0].day:%Y-%m-%d}-{seals[-1].day:%Y-%m-%d}.zip"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    answer.call_on_close(archive.close)
    return answer


def _see_everything() -> None:
    """Refuse whoever works for some areas only: the ledger is the whole organisation's, or proves nothing."""
    if person().areas is not None:
        raise ForbiddenError(
            _("Le registre est celui de toute l’agence : votre compte est limité à un secteur.")
        )


def _page(form: LedgerForm) -> str:
    today = paris_day(now())
    since, until = today - SHOWN, today + timedelta(days=1)
    seals = list_seals(conn(), since=since, until=until)
    stamps = list_stamps(conn(), since=since, until=until)
    return render_template(
        "punches/ledger.html", form=form, seals=seals[::-1], stamps=stamps, days=SHOWN.days
    )


def _chunks(archive: IO[bytes]) -> Iterator[bytes]:
    archive.seek(0)
    while chunk := archive.read(_CHUNK):
        yield chunk
