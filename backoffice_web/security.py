"""What browsers are told: cookies out of scripts' reach, forms signed, nothing loaded from elsewhere."""

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from flask import Response

from backoffice_web.forms import protect_forms

if TYPE_CHECKING:
    from backoffice_web.app import BackOffice

FORM_COOKIE = "ponctuel_form"
LARGEST_FORM = 256 * 1024


def content_security_policy(tile_url: str, *, web_assembly: bool = False) -> str:
    """Return the policy. Scripts and sheets are ours alone; `style` attributes place bars on timelines.

    `web_assembly` is for the page that reads printed codes with the camera, and for no other.
    """
    tiles = urlsplit(tile_url)
    tile_origin = f" {tiles.scheme}://{tiles.netloc}" if tiles.netloc else ""
    return "; ".join(
        (
            "default-src 'self'",
            "script-src 'self'" + (" 'wasm-unsafe-eval'" if web_assembly else ""),
            "style-src 'self'",
            "style-src-attr 'unsafe-inline'",
            f"img-src 'self' data: blob:{tile_origin}",
            "media-src 'self' blob:",
            f"connect-src 'self'{tile_origin}",
            "object-src 'none'",
            "base-uri 'none'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        )
    )


def install(app: "BackOffice") -> None:
    """Set the cookies, the forms' signature and the headers of every response."""
    settings = app.settings
    app.config.update(
        SECRET_KEY=settings.session_key,
        FRONT_URL=settings.front_url,
        CODE_KEY=settings.code_key,
        SESSION_COOKIE_NAME=FORM_COOKIE,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.secure_cookies,
        MAX_CONTENT_LENGTH=LARGEST_FORM,
        WTF_CSRF_TIME_LIMIT=None,  # a signature lives as long as the browser's session
        WTF_CSRF_SSL_STRICT=settings.secure_cookies,
    )
    protect_forms(app)
    policy = content_security_policy(settings.tile_url)

    @app.after_request
    def tell(response: Response) -> Response:
        headers = response.headers
        headers.setdefault("Content-Security-Policy", policy)
        headers.setdefault("X-Content-Type-Options", "nosniff")
        headers.setdefault("Referrer-Policy", "same-origin")
        headers.setdefault("Permissions-Policy", "geolocation=(), camera=(self), microphone=()")
        headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
        if response.mimetype == "text/html":
            headers.setdefault("Cache-Control", "no-store")  # people's health does not stay in a cache
        return response
