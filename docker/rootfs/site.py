"""One running system: its state folder, its root filesystem, its choices, the values of every template."""

import os
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from docker.rootfs.choices import Choices, load_choices
from docker.rootfs.ports import RTP_PORTS
from docker.rootfs.sandbox import Bind, in_rootfs

TEMPLATES = Path(__file__).parent.parent
CHECKOUT = TEMPLATES.parent

HOST = "127.0.0.1"
SECOND_OPERATOR = "127.0.0.2"


class CommandFailedError(Exception):
    """A command of the root filesystem failed."""


@dataclass(frozen=True, slots=True)
class Site:
    """All folders are absolute. `root` is the root filesystem, `state` everything that this system writes.

    `lan` is the machine's address on the local network, when browsers there are served too, by HTTPS.
    `cores` is how many realtime programs stand side by side, 1 or 2.
    """

    state: Path
    root: Path
    choices: Choices
    prompts: Path
    static: Path
    roads: Path
    lan: str | None = None
    cores: int = 1

    @property
    def front_url(self) -> str:
        """What a browser opens."""
        port = self.choices.ports["front"]
        return f"https://{self.lan}:{port}" if self.lan else f"http://{HOST}:{port}"

    def folder(self, name: str) -> Path:
        """Part `name`'s own folder, seen by it as `/srv/<name>`."""
        folder = self.state / name
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    @property
    def keys(self) -> Path:
        """The folder of private keys, which no server sees."""
        return self.state / "keys"

    def log(self, name: str) -> Path:
        """The file that gets everything part `name` prints."""
        return self.folder("log") / f"{name}.log"

    def sandboxed(self, argv: Sequence[str], *, name: str, user: str, told: bool = True) -> tuple[str, ...]:
        """Command that runs `argv` as `user` of the root filesystem, with what part `name` may see."""
        binds = [
            Bind(self.folder(name), f"/srv/{name}", writable=True),
            *(Bind(source, target) for source, target in self._shared()),
        ]
        return tuple(in_rootfs(self.root, argv, user=user, binds=binds, told=told))

    def run(self, argv: Sequence[str], *, name: str, user: str, env: Mapping[str, str] | None = None) -> None:
        """Run a command of the root filesystem to its end; what it prints goes to the part's log.

        Raises CommandFailedError with its last words.
        """
        done = subprocess.run(
            self.sandboxed(argv, name=name, user=user, told=False),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env={**os.environ, **(env or {})},
            check=False,
        )
        with self.log(name).open("ab") as log:
            log.write(done.stdout)
        if done.returncode:
            last_words = done.stdout.decode(errors="replace").strip().rpartition("\n")[2]
            raise CommandFailedError(f"{argv[0]} failed for {name}: {last_words}")

    def _shared(self) -> Iterator[tuple[Path, str]]:
        """Folders filled at set-up, perhaps later than now: made at once, so that what comes is seen."""
        for source, target in (
            (self.prompts, "/srv/prompts"),
            (self.static, "/srv/static"),
            (self.roads, "/srv/roads"),
        ):
            source.mkdir(parents=True, exist_ok=True)
            yield source, target

    def values(self) -> dict[str, str]:
        """The placeholders that every template may use; folders as seen inside."""
        ports = self.choices.ports
        return {
            "STATE": "/srv",
            "HOST": HOST,
            "PG_PORT": str(ports["postgresql"]),
            "MQTT_PORT": str(ports["mqtt"]),
            "SIP_PORT": str(ports["sip"]),
            # where the operator would be: the simulators' callees answer there
            "TRUNK_PORT": str(ports["trunk"]),
            # the second operator's: another address, the same port
            "SECOND_TRUNK_HOST": SECOND_OPERATOR,
            "AMI_PORT": str(ports["ami"]),
            "AMI_USER": "ponctuel",
            "AMI_SECRET": self.choices.secrets["ami"],
            "FASTAGI_HOST": HOST,
            "FASTAGI_PORT": str(ports["fastagi"]),
            # the second core's, or the only one's again
            "SECOND_FASTAGI_PORT": str(ports["fastagi" if self.cores == 1 else "fastagi-2"]),
            "CORES": str(self.cores),
            "RTP_START": str(ports["rtp"]),
            "RTP_END": str(ports["rtp"] + RTP_PORTS - 1),
            "KEPT_CALLS": "/srv/asterisk/kept",
            "PROMPTS": "/srv/prompts",
            "FRONT_PORT": str(ports["front"]),
            "FRONT_URL": self.front_url,
            "GUIDE_PORT": str(ports["guide"]),
            "LAN": self.lan or HOST,
            "REALTIME_HOST": HOST,
            "REALTIME_PORT": str(ports["realtime"]),
            "SECOND_REALTIME": "" if self.cores == 1 else f"server {HOST}:{ports['realtime-2']} max_fails=0;",
            "WEB_HOST": HOST,
            "WEB_PORT": str(ports["web"]),
            "STATIC": "/srv/static",
            "ROADS": "/srv/roads",
        }


def open_site(
    state: Path, *, root: Path, front_port: int | None = None, lan: str | None = None, cores: int = 1
) -> Site:
    """The system of a state folder, with the choices made there; `front_port` is taken if it is free."""
    preferred = {} if front_port is None else {"front": front_port}
    return Site(
        state=state,
        root=root,
        choices=load_choices(state, preferred=preferred),
        prompts=_folder("prompts"),
        static=_folder("static"),
        roads=_folder("roads"),
        lan=lan,
        cores=cores,
    )


def _folder(name: str) -> Path:
    """Folder filled at set-up: under `var`, or where its setting says."""
    return Path(os.environ.get(f"PONCTUEL_{name.upper()}_DIR") or CHECKOUT / "var" / name).absolute()
