"""Who asks, and whether they may.

Every route says `@requires(Permission.…)` or `@public`, or the application does not start.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any, cast
from urllib.parse import quote, urlencode

from flask import Flask, current_app, g, request, url_for
from werkzeug.wrappers import Response

from backoffice_web.transaction import conn, now
from homecare.access.model import Permission, SignedIn
from homecare.access.queries import find_session
from homecare.kernel.errors import ForbiddenError

SESSION_COOKIE = "ponctuel_session"
PUBLIC: frozenset[Permission] = frozenset()
LONGEST_WAY_BACK = 600
"""Signs of an escaped address. Far longer ones make headers that the front refuses, and nobody gets in."""
_RULE = "access_rule"


class SignInNeededError(Exception):
    """Nobody is signed in: the sign-in page opens, then comes back here."""


class UnguardedRouteError(Exception):
    """A route says neither who may use it nor that everybody may."""


def requires[**P, R](*permissions: Permission) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Let in whoever holds one of the permissions."""

    def mark(view: Callable[P, R]) -> Callable[P, R]:
        view.__dict__[_RULE] = frozenset(permissions)
        return view

    return mark


def public[**P, R](view: Callable[P, R]) -> Callable[P, R]:
    """Let everybody in, signed in or not."""
    view.__dict__[_RULE] = PUBLIC
    return view


def rule_of(view: Callable[..., Any]) -> frozenset[Permission] | None:
    """Return the permissions of which one is needed; empty: public; None: nobody said."""
    return cast("frozenset[Permission] | None", view.__dict__.get(_RULE))


def check_every_route(app: Flask) -> None:
    """Refuse to start with a route that nobody guarded. Raises `UnguardedRouteError`."""
    for endpoint, view in app.view_functions.items():
        if endpoint != "static" and rule_of(view) is None:
            raise UnguardedRouteError(endpoint)


def admit(view: Callable[..., Any]) -> None:
    """Let the request through, or raise `SignInNeededError` or `ForbiddenError`."""
    rule = rule_of(view)
    if rule == PUBLIC and rule is not None:
        return
    person = signed_in()
    if person is None:
        raise SignInNeededError
    if rule is None or not rule & person.permissions:
        raise ForbiddenError("Votre compte n’ouvre pas cette page. Demandez ce droit à un administrateur.")


def signed_in() -> SignedIn | None:
    """Return the person behind the request's cookie, whose reach the transaction now has; or None."""
    if "signed_in" not in g:
        token = request.cookies.get(SESSION_COOKIE)
        g.signed_in = None if token is None else find_session(conn(), token, now=now())
    return cast("SignedIn | None", g.signed_in)


def person() -> SignedIn:
    """Return the person signed in; only for views that require a permission."""
    found = signed_in()
    if found is None:
        raise SignInNeededError
    return found


def known_person() -> SignedIn | None:
    """Return the person if this request has already looked for them; never reads (for error pages)."""
    return cast("SignedIn | None", g.get("signed_in"))


def sign_in_address() -> str:
    """Return the sign-in page's address, which leads back to the page asked for when that is safe."""
    asked = request.full_path.rstrip("?")
    if request.method != "GET" or request.path == "/" or not is_own_path(asked):
        return url_for("session.sign_in_page")
    return url_for("session.sign_in_page") + "?" + urlencode({"suite": asked})


def is_own_path(address: str) -> bool:
    """Tell whether one may be led to the address: a path of this site, and no endless one."""
    is_path = address.startswith("/") and not address.startswith(("//", "/\\")) and address.isprintable()
    return is_path and len(quote(address)) <= LONGEST_WAY_BACK


def is_secure() -> bool:
    """Tell whether cookies go by HTTPS alone."""
    return bool(current_app.config["SESSION_COOKIE_SECURE"])


def remember(response: Response, token: str, *, secure: bool, lasts: timedelta | None = None) -> None:
    """Give the session's token to the browser, out of reach of scripts and of other sites' forms.

    Without `lasts` the browser forgets it when it is closed.
    """
    response.set_cookie(
        SESSION_COOKIE, token, max_age=lasts, secure=secure, httponly=True, samesite="Lax", path="/"
    )


def forget(response: Response, *, secure: bool) -> None:
    """Take the session's token back."""
    response.delete_cookie(SESSION_COOKIE, secure=secure, httponly=True, samesite="Lax", path="/")
