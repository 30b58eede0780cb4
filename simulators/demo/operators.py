"""The two operators of the demonstration: what is called through one of them rings at the agency."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from homecare.kernel.settings import Settings
from simulators.operator.serving import operator

FIRST = "127.0.0.1"


@contextmanager
def operators(settings: Settings, env_file: Path, numbers: frozenset[str]) -> Iterator[None]:
    """Carry the agency's numbers while the demonstration runs. Raises OSError for a port that is taken."""
    said = dict(line.partition("=")[::2] for line in env_file.read_text().splitlines())
    port = int(said["PONCTUEL_TRUNK_PORT"])
    exchange = settings.sip_host, settings.sip_port
    with ExitStack() as both:
        for host in (FIRST, said["PONCTUEL_SECOND_TRUNK_HOST"]):
            both.enter_context(operator(host, port, exchange=exchange, numbers=numbers))
        yield
