"""The command `compose-settings`: the values of every template and every setting, as compose reads them."""

from pathlib import Path

from docker.rootfs.environment import settings_of
from docker.rootfs.kept_calls import CERTIFICATE, KEY, ensure_key
from docker.rootfs.private import write_private
from docker.rootfs.site import open_site


def write_compose_settings(state: Path, *, front_port: int | None) -> Path:
    """Write `NAME=value` lines for the containers, for the owner's eyes only. Returns the file.

    Ports and secrets are chosen once in `state`, as `up` does; compose itself says the containers' folders.
    """
    state.mkdir(mode=0o700, parents=True, exist_ok=True)
    site = open_site(state, root=Path("/"), front_port=front_port)
    secrets = site.choices.secrets
    passwords = {"OWNER_PASSWORD": secrets["owner"], "APP_PASSWORD": secrets["app"]}
    said = site.values() | passwords | settings_of(site, demo=False)
    said |= {"PONCTUEL_ESPEAK": "espeak-ng"}  # the programs' image has its own
    ensure_key(site.keys)
    for key in (CERTIFICATE, KEY):  # other accounts read them in the containers; the folder is the owner's
        (site.keys / key).chmod(0o644)
    path = state / "settings.env"
    write_private(path, "".join(f"{name}={value}\n" for name, value in sorted(said.items())))
    return path
