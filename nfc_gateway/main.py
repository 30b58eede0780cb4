"""Starts the gateway: `python -m nfc_gateway`. `--health` tells instead how the running one feels."""

import signal
import sys
from datetime import UTC, datetime

import structlog

from nfc_gateway.gateway import Gateway
from nfc_gateway.health import complaint
from nfc_gateway.settings import GatewaySettings, read_settings
from spool.errors import SpoolError
from spool.spool import Spool

log = structlog.get_logger()


def main(arguments: list[str]) -> int:
    """Run until SIGTERM or SIGINT. Return the exit status."""
    settings = read_settings()
    if arguments == ["--health"]:
        return tell_health(settings)
    configure_logs(settings)
    try:
        spool = Spool(settings.spool_file)
    except SpoolError as error:
        log.error("spool.unusable", error=str(error))  # noqa: TRY400 - another gateway, or a damaged file
        return 1
    with spool:
        gateway = Gateway(settings, spool=spool, now=now)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: gateway.stop())
        log.info("gateway.started", device=settings.gateway_device, waiting=spool.waiting)
        gateway.run()
    log.info("gateway.stopped")
    return 0


def tell_health(settings: GatewaySettings) -> int:
    """Write what is wrong with the running gateway. Return 0 when nothing is."""
    wrong = complaint(settings.health_file, now=now())
    sys.stdout.write(f"{wrong or 'La passerelle fonctionne.'}\n")
    return 1 if wrong else 0


def configure_logs(settings: GatewaySettings) -> None:
    """Send structlog to standard error in the chosen format."""
    renderer: structlog.typing.Processor = (
        structlog.processors.JSONRenderer()
        if settings.log_format == "json"
        else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    )
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            renderer,
        ],
        logger_factory=structlog.PrintLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=True,
    )


def now() -> datetime:
    """Return the machine's time: devices claim real time."""
    return datetime.now(UTC)
