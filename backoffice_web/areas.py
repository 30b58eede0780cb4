"""The single list of the screen areas, one folder each."""

from typing import TYPE_CHECKING

from backoffice_web.addresses.views import addresses
from backoffice_web.agency_settings.routes import agency_settings
from backoffice_web.alerts.views import alerts
from backoffice_web.board.views import board
from backoffice_web.clients.routes import clients
from backoffice_web.forms import unsigned
from backoffice_web.health.views import health
from backoffice_web.optimisation.views import optimisation
from backoffice_web.passwords.views import passwords
from backoffice_web.planning.routes import planning
from backoffice_web.portals.tablet.views import tablet_portal
from backoffice_web.portals.worker.routes import worker_portal
from backoffice_web.punches.routes import punches
from backoffice_web.session.views import session
from backoffice_web.station.views import station
from backoffice_web.style.views import style
from backoffice_web.workers.routes import workers

if TYPE_CHECKING:
    from backoffice_web.app import BackOffice


def install(app: "BackOffice") -> None:
    """Register every area; the style guide belongs to demonstrations."""
    app.register_blueprint(health)
    app.register_blueprint(session)
    app.register_blueprint(passwords)
    app.register_blueprint(board)
    app.register_blueprint(worker_portal)
    app.register_blueprint(tablet_portal)
    app.register_blueprint(addresses)
    app.register_blueprint(alerts)
    app.register_blueprint(clients)
    app.register_blueprint(workers)
    app.register_blueprint(planning)
    app.register_blueprint(optimisation)
    app.register_blueprint(punches)
    app.register_blueprint(agency_settings)
    app.register_blueprint(unsigned(station))
    if app.settings.demo:
        app.register_blueprint(style)
