"""Starts the back office under a real WSGI server. The only place that reads settings."""

from granian import Granian
from granian.constants import Interfaces

from backoffice_web.app import BackOffice, create_app
from homecare.kernel import logs
from homecare.kernel.settings import read_settings

THREADS = 8


def application() -> BackOffice:
    """Return the application of one server process."""
    settings = read_settings()
    logs.configure(settings.log_format)
    return create_app(settings)


def main() -> None:
    """Serve until stopped."""
    settings = read_settings()
    Granian(
        "backoffice_web.main:application",
        factory=True,
        interface=Interfaces.WSGI,
        address=settings.web_host,
        port=settings.web_port,
        workers=1,
        blocking_threads=THREADS,
        websockets=False,
        log_dictconfig={},
    ).serve()
