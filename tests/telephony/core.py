"""The telephone as a program of its own, serving the agency of the tests. Says `ready`, ends at SIGTERM."""

import sys
from pathlib import Path
from typing import Any

import structlog
from twisted.internet import reactor as installed

from telephony.line import PhoneLine
from tests.telephony.agency import Agency, read_setting, say_nothing_own


def main(port: str, prompts: str, journal: str, setting: str) -> None:
    structlog.configure(
        logger_factory=structlog.PrintLoggerFactory(sys.stderr)
    )  # the output says when it is ready
    reactor: Any = installed
    agency = Agency(read_setting(setting), Path(journal))
    line = PhoneLine(
        agency.calls(),
        reactor=reactor,
        interface="127.0.0.1",
        port=int(port),
        prompts_dir=Path(prompts),
        find_own=say_nothing_own,
    )
    line.startService()  # type: ignore[no-untyped-call]
    reactor.addSystemEventTrigger("before", "shutdown", line.stopService)
    reactor.callWhenRunning(lambda: sys.stdout.write(f"ready {line.server.port}\n") and sys.stdout.flush())
    reactor.run()


if __name__ == "__main__":
    main(*sys.argv[1:])
