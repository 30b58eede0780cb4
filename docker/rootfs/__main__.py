"""Command line: `python -m docker.rootfs build | where | up | stop | control | compose-settings`."""

import argparse
import json
import os
import signal
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from docker.commands import Arguments, host_or_none, in_words, port
from docker.rootfs.build import BuildError, build_rootfs, find_rootfs
from docker.rootfs.choices import DamagedChoicesError
from docker.rootfs.mirror import NoMirrorError
from docker.rootfs.used import remove_unused

_SERVERS = ("postgresql", "mosquitto", "asterisk", "nginx")
_PROGRAMS = ("realtime", "worker", "web", "gateway")
_DEFAULT_STATE = Path("var/run")
_INTERRUPTED = 128 + signal.SIGINT


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns its exit status."""
    options = _parser().parse_args(argv)
    try:
        status: int = options.run(options)
    except (BuildError, NoMirrorError, DamagedChoicesError) as error:
        print(error, file=sys.stderr)
        return 1
    except OSError as trouble:
        print(in_words(trouble), file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return _INTERRUPTED
    return status


def _parser() -> argparse.ArgumentParser:
    parser = Arguments(prog="python -m docker.rootfs", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    build = commands.add_parser("build", help="build the root filesystem, or find it in the cache")
    build.set_defaults(run=_build)

    where = commands.add_parser("where", help="print where the root filesystem is")
    where.set_defaults(run=_where)

    up = commands.add_parser("up", help="start servers and programs; stay until Ctrl-C")
    up.add_argument("--state", type=Path, default=_DEFAULT_STATE, help="folder of everything written")
    up.add_argument("--env-file", type=Path, default=Path(".env"), help="where the settings are written")
    up.add_argument("--only", type=_names(_SERVERS), default=_SERVERS, help="servers, separated by commas")
    up.add_argument("--programs", type=_names(_PROGRAMS), default=(), help="programs, separated by commas")
    up.add_argument("--front-port", type=port, help="preferred port of the browser's address")
    up.add_argument(
        "--lan",
        nargs="?",
        const="",
        type=host_or_none,
        metavar="ADDRESS",
        help="serve the local network too, by HTTPS; at this address, or at the one found",
    )
    up.add_argument(
        "--cores", type=int, choices=(1, 2), default=1, help="realtime programs side by side, one may die"
    )
    up.add_argument("--demo", action="store_true", help="the programs follow the demo clock")
    up.set_defaults(run=_up)

    stop = commands.add_parser("stop", help="stop a running `up`, and wait until it is gone")
    stop.add_argument("--state", type=Path, default=_DEFAULT_STATE)
    stop.set_defaults(run=_stop)

    compose = commands.add_parser("compose-settings", help="write the settings that compose.yaml reads")
    compose.add_argument("--state", type=Path, default=Path("var/compose"))
    compose.add_argument("--front-port", type=port)
    compose.set_defaults(run=_write_compose_settings)

    control = commands.add_parser("control", help="talk to a running `up`")
    control.add_argument("--state", type=Path, default=_DEFAULT_STATE)
    control.add_argument("words", nargs="+", help="status, start|stop|kill|device NAME, cores, quit")
    control.set_defaults(run=_control)
    return parser


def _names(known: Sequence[str]) -> Callable[[str], tuple[str, ...]]:
    def read(text: str) -> tuple[str, ...]:
        asked = set(filter(None, text.split(",")))
        if unknown := asked - set(known):
            said = f"{', '.join(sorted(unknown))} n’existe pas ; il y a {', '.join(known)}"
            raise argparse.ArgumentTypeError(said)
        return tuple(name for name in known if name in asked)

    return read


def _build(_: argparse.Namespace) -> int:
    rootfs = build_rootfs()
    os.utime(rootfs)
    remove_unused(rootfs, now=time.time())
    print(rootfs)
    return 0


def _where(_: argparse.Namespace) -> int:
    print(find_rootfs())
    return 0


def _up(options: argparse.Namespace) -> int:
    from docker.rootfs.run import run_up  # noqa: PLC0415  `build` must run before Twisted is installed

    return run_up(options)


def _stop(options: argparse.Namespace) -> int:
    from docker.rootfs.stop import stop_up  # noqa: PLC0415

    stopped = stop_up(options.state)
    print(f"{options.state}: {'stopped' if stopped else 'nothing runs there'}")
    return 0


def _write_compose_settings(options: argparse.Namespace) -> int:
    from docker.rootfs.compose import write_compose_settings  # noqa: PLC0415

    print(write_compose_settings(options.state.absolute(), front_port=options.front_port))
    return 0


def _control(options: argparse.Namespace) -> int:
    from docker.rootfs.control import ask  # noqa: PLC0415

    try:
        answer = ask(options.state, " ".join(options.words))
    except (FileNotFoundError, ConnectionError):
        print(f"Rien ne tourne sur {options.state}.", file=sys.stderr)
        return 1
    print(json.dumps(answer, ensure_ascii=False, indent=1))
    return 0 if answer.get("ok") else 1


if __name__ == "__main__":
    sys.exit(main())
