"""The address by which a password is chosen: signed, so that it says what this installation wrote."""

from datetime import UTC, datetime
from typing import cast

from flask import current_app, url_for
from itsdangerous import BadSignature, URLSafeSerializer

from homecare.access.password_links import PasswordLink
from homecare.kernel.errors import InvalidError
from homecare.kernel.ids import OrganisationId, UserId


def link_address(link: PasswordLink) -> str:
    """Return the whole address, as it is given to the person."""
    token = _serializer().dumps([link.organisation, link.user, link.mark, int(link.until.timestamp())])
    return str(current_app.config["FRONT_URL"]).rstrip("/") + url_for("passwords.choose", token=token)


def read_token(token: str) -> PasswordLink:
    """Return what the address says. Raises `InvalidError` for what this installation did not sign."""
    try:
        organisation, user, mark, until = cast("tuple[int, int, str, int]", _serializer().loads(token))
    except BadSignature:
        raise InvalidError("Ce lien est incomplet ou n’est pas de Ponctuel : ouvrez-le en entier.") from None
    return PasswordLink(OrganisationId(organisation), UserId(user), mark, datetime.fromtimestamp(until, UTC))


def _serializer() -> URLSafeSerializer:
    return URLSafeSerializer(str(current_app.secret_key), salt="password link")
