"""Builds the Flask application: settings in, every screen area registered, nothing read from elsewhere."""

from collections.abc import Callable
from typing import override

from flask import Flask, g, request
from flask.typing import ResponseReturnValue
from werkzeug.middleware.proxy_fix import ProxyFix

from backoffice_web import (
    access,
    areas,
    assets,
    chosen_language,
    errors,
    i18n,
    navigation,
    security,
    transaction,
    uploads,
)
from backoffice_web.addresses import book
from backoffice_web.board import ground
from backoffice_web.layout import macros
from homecare.kernel.clock import Clock
from homecare.kernel.pool import Pool
from homecare.kernel.settings import Settings

POOL_SIZE = 8
POOL_WAIT_S = 5
STATEMENT_LIMIT = "-c statement_timeout=20s -c idle_in_transaction_session_timeout=60s"


class BackOffice(Flask):
    """The web application. A matched request runs in its own transaction, after its right was checked."""

    def __init__(self, settings: Settings, clock: Clock, pool: Pool) -> None:
        """Serve with these settings, this clock and these connections."""
        super().__init__(
            "backoffice_web",
            root_path=None,
            static_folder=str(settings.static_dir.resolve()),
            template_folder="layout/templates",
        )
        self.settings = settings
        self.clock = clock
        self.pool = pool

    @override
    def preprocess_request(self) -> ResponseReturnValue | None:
        """Note when the request began, before anything can refuse it: its error page says so too."""
        g.began = self.clock.real_now()
        return super().preprocess_request()

    @override
    def dispatch_request(self) -> ResponseReturnValue:
        """Check the right, run the view; commit on success, roll back on whatever is raised."""
        if request.url_rule is None or request.endpoint == "static":
            return super().dispatch_request()
        with transaction.one_per_request(self.pool, self.clock, demo=self.settings.demo):
            access.admit(self.view_functions[request.endpoint or ""])
            return super().dispatch_request()


def create_app(settings: Settings, *, clock: Clock | None = None) -> BackOffice:
    """Return the application. Connections are opened when the first request needs one."""
    pool = Pool(
        settings.database_url,
        size=POOL_SIZE,
        patience_seconds=POOL_WAIT_S,
        options={"options": STATEMENT_LIMIT},
    )
    app = BackOffice(settings, clock or Clock(), pool)
    install: tuple[Callable[[BackOffice], None], ...] = (
        uploads.install,
        security.install,
        i18n.install,
        chosen_language.install,
        assets.install,
        macros.install,
        navigation.install,
        errors.install,
        book.install,
        ground.install,
        areas.install,
    )
    for step in install:
        step(app)
    access.check_every_route(app)
    app.wsgi_app = ProxyFix(app.wsgi_app, x_for=1, x_proto=1, x_host=1)  # type: ignore[method-assign]
    return app
