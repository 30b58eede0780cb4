"""Code devices of a home: provisioned by a QR code that is shown once, retired when lost."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from backoffice_web.access import person, requires
from backoffice_web.clients.card import Forms
from backoffice_web.clients.forms import CodeDeviceForm
from backoffice_web.clients.homes import HOME, home_of
from backoffice_web.clients.label import draw_code
from backoffice_web.clients.views import clients, show_card
from backoffice_web.i18n import _
from backoffice_web.keys import sealer
from backoffice_web.once import once
from backoffice_web.transaction import conn, now
from homecare.access.model import Permission
from homecare.clients.code_devices import add_code_device, retire_code_device
from homecare.clients.model import HomeCard
from homecare.clients.queries import find_client
from homecare.clients.rolling_code import provisioning_address
from homecare.kernel.errors import InvalidError


@clients.post(f"{HOME}/boitiers")
@requires(Permission.CHANGE_CLIENTS)
def add_device(client: int, home: int) -> ResponseReturnValue:
    """Provision a device, and show its secret: the only time it can be."""
    found, form = home_of(client, home), CodeDeviceForm()
    label, secrets = form.text("label"), []

    def add() -> str:
        secrets.append(add_code_device(conn(), person().actor, found.id, label, sealer=sealer(), now=now()))
        return url_for("clients.card", client=found.client_id)

    if form.is_sent_and_valid():
        try:
            card = once(add)
        except InvalidError as error:
            form.refuse("label", str(error))
        else:
            return _show_secret(found, label, secrets[0]) if secrets else redirect(card, 303)
    return show_card(found.client_id, Forms(device=form, home=found.id)), 422


def _show_secret(home: HomeCard, label: str, secret: bytes) -> str:
    address = provisioning_address(secret, label)
    return render_template(
        "clients/code_device.html",
        client=find_client(conn(), home.client_id),
        label=label,
        address=address,
        code=draw_code(address),
    )


@clients.post(f"{HOME}/boitiers/retirer")
@requires(Permission.CHANGE_CLIENTS)
def retire_device(client: int, home: int) -> ResponseReturnValue:
    """Let a device prove nothing any more: lost, or given back."""
    device = request.form.get("device", "")
    number = int(device) if device.isascii() and device.isdigit() and len(device) < 19 else 0  # noqa: PLR2004
    retire_code_device(conn(), person().actor, home_of(client, home).id, number, now=now())
    flash(_("Boîtier retiré : ses codes ne prouvent plus rien."))
    return redirect(url_for("clients.card", client=client), 303)
