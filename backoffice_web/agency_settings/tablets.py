"""The tablets of day centres: invited with a link that serves once, listed, revoked."""

from flask import current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from backoffice_web.access import person, requires
from backoffice_web.agency_settings.forms import TabletForm
from backoffice_web.agency_settings.views import agency_settings
from backoffice_web.clients.label import draw_code
from backoffice_web.i18n import _
from backoffice_web.transaction import conn, now
from homecare.access.model import Permission
from homecare.clients.sites import list_shared_sites
from homecare.clients.tablets import invite_tablet, list_tablets, revoke_tablet
from homecare.kernel.ids import TabletId


@agency_settings.route("/tablettes", methods=["GET", "POST"])
@requires(Permission.CHANGE_SETTINGS)
def tablets() -> ResponseReturnValue:
    """List the tablets; invite one: its link is shown once, here, and as a code to scan with the tablet."""
    sites = list_shared_sites(conn())
    form = TabletForm().offer(sites)
    link = ""
    if form.is_sent_and_valid():
        site, label = form.command()
        _tablet, token = invite_tablet(conn(), person().actor, site, label=label, now=now())
        link = f"{str(current_app.config['FRONT_URL']).rstrip('/')}/tablette/activer/{token}"
    page = render_template(
        "agency_settings/tablets.html",
        form=form,
        sites=sites,
        tablets=list_tablets(conn()),
        link=link,
        code=draw_code(link) if link else "",
        now=now(),
    )
    return page, 422 if form.errors else 200


@agency_settings.post("/tablettes/<int:tablet>/revoquer")
@requires(Permission.CHANGE_SETTINGS)
def revoke(tablet: int) -> ResponseReturnValue:
    """Take a tablet's word no more: lost, stolen, or moved."""
    revoke_tablet(conn(), person().actor, TabletId(tablet), now=now())
    flash(_("Tablette révoquée : elle ne montre plus de code. Pour la reprendre, invitez-la de nouveau."))
    return redirect(url_for("agency_settings.tablets"), 303)
