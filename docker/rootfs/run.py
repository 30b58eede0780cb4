"""The command `up`: turns its options into a site and a wish, and runs the system until it is stopped."""

import argparse
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import cast

from twisted.internet import reactor
from twisted.logger import (
    FilteringLogObserver,
    LogLevel,
    LogLevelFilterPredicate,
    globalLogBeginner,
    textFileLogObserver,
)

from docker.rootfs.control import SOCKET
from docker.rootfs.environment import ForeignFileError, NoFolderError, check_ours
from docker.rootfs.lan import NoLanError, find_lan_address
from docker.rootfs.lock import AlreadyUpError, hold_state
from docker.rootfs.reactor import IReactor
from docker.rootfs.site import open_site
from docker.rootfs.up import Up, Wish
from docker.rootfs.used import use_rootfs

# The kernel's limit for the path of a local socket.
_LONGEST_SOCKET_PATH = 107


def run_up(options: argparse.Namespace) -> int:
    """Run `up` with the options of the command line; returns its exit status."""
    state: Path = options.state.absolute()
    if len(str(state / SOCKET)) > _LONGEST_SOCKET_PATH:
        print(f"{state}: too long a path for a local socket, give a shorter --state", file=sys.stderr)
        return 1
    _log_troubles()
    try:
        with ExitStack() as held:
            held.enter_context(hold_state(state))
            check_ours(options.env_file)
            lan = find_lan_address() if options.lan == "" else options.lan
            rootfs = held.enter_context(use_rootfs())
            site = open_site(
                state,
                root=rootfs / "root",
                front_port=options.front_port,
                lan=lan,
                cores=options.cores,
            )
            wish = Wish(
                servers=options.only,
                programs=options.programs,
                env_file=options.env_file.absolute(),
                demo=options.demo,
            )
            return Up(site, wish, reactor=cast("IReactor", reactor)).run()
    except (AlreadyUpError, ForeignFileError, NoFolderError, NoLanError) as error:
        print(error, file=sys.stderr)
        return 1


def _log_troubles() -> None:
    """What breaks down in a Deferred must not go unseen."""
    serious = LogLevelFilterPredicate(LogLevel.warn)
    globalLogBeginner.beginLoggingTo(
        [FilteringLogObserver(textFileLogObserver(sys.stderr), [serious])], redirectStandardIO=False
    )
