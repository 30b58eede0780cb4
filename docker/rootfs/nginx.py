"""nginx: the one origin in front of Flask and realtime."""

from docker.rootfs.checks import check_port
from docker.rootfs.part import Part
from docker.rootfs.site import HOST, TEMPLATES, Site
from docker.rootfs.templates import fill_file

NAME = "nginx"


def prepare(site: Site) -> Part:
    """Render the configuration, return what to run."""
    folder = site.folder(NAME)
    (folder / "tmp").mkdir(exist_ok=True)
    for name in ("nginx.conf", "away.html"):
        fill_file(TEMPLATES / NAME / name, folder / name, site.values())
    fill_file(TEMPLATES / NAME / "listen" / "plain.conf", folder / "listen.conf", site.values())
    port = site.choices.ports["front"]
    serve = ["nginx", "-c", f"/srv/{NAME}/nginx.conf", "-e", "stderr"]
    return Part(
        name=NAME,
        command=site.sandboxed(serve, name=NAME, user="www-data"),
        log=site.log(NAME),
        where=f"http://{HOST}:{port}",
        check=lambda: check_port(port),
    )
