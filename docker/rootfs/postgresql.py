"""PostgreSQL with TimescaleDB: makes the cluster at the first start, then the roles and the database."""

import signal

from docker.rootfs.checks import check_port
from docker.rootfs.part import NotReadyError, Part
from docker.rootfs.site import HOST, TEMPLATES, CommandFailedError, Site
from docker.rootfs.templates import fill_file

NAME = "postgresql"
_PROGRAMS = "/usr/lib/postgresql/18/bin"
_DATA = f"/srv/{NAME}/data"


def prepare(site: Site) -> Part:
    """Make the cluster if there is none, render its configuration, return what to run."""
    folder = site.folder(NAME)
    if not (folder / "data").exists():
        _make_cluster(site)
    fill_file(TEMPLATES / NAME / "postgresql.conf", folder / "postgresql.conf", site.values())
    fill_file(TEMPLATES / NAME / "bootstrap.sql", folder / "bootstrap.sql", {})
    port = site.choices.ports[NAME]
    serve = [f"{_PROGRAMS}/postgres", "-D", _DATA, "-c", f"config_file=/srv/{NAME}/postgresql.conf"]
    return Part(
        name=NAME,
        command=site.sandboxed(serve, name=NAME, user="postgres"),
        log=site.log(NAME),
        where=f"{HOST}:{port}",
        check=lambda: _bootstrap(site),
        stop_signal=signal.SIGINT,  # fast shutdown: ends the sessions, leaves nothing to recover
        stop_within=30,
    )


def _make_cluster(site: Site) -> None:
    """Make it beside its place, then rename: an interrupted start leaves no half cluster."""
    half = f"{_DATA}.new"
    rules = ["--auth-local=peer", "--auth-host=scram-sha-256"]
    encoding = ["--encoding=UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    site.run(["rm", "-rf", half], name=NAME, user="postgres")
    # The cluster is empty: syncing it file by file would only make the first start slower.
    site.run([f"{_PROGRAMS}/initdb", "-D", half, *rules, *encoding, "--no-sync"], name=NAME, user="postgres")
    site.run(["mv", half, _DATA], name=NAME, user="postgres")


def _bootstrap(site: Site) -> None:
    """Run `bootstrap.sql` as the superuser over the local socket, at each start: it may run again."""
    port = site.choices.ports[NAME]
    check_port(port)
    secrets = site.choices.secrets
    psql = ["psql", "--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", f"--file=/srv/{NAME}/bootstrap.sql"]
    where = {"PGHOST": f"/srv/{NAME}", "PGPORT": str(port), "PGDATABASE": "postgres"}
    # Passwords go through the environment: a command line is readable by everybody on the machine.
    passwords = {"OWNER_PASSWORD": secrets["owner"], "APP_PASSWORD": secrets["app"]}
    try:
        site.run(psql, name=NAME, user="postgres", env=where | passwords)
    except CommandFailedError as error:
        # It listens but still recovers from a crash, or the script is wrong: the log tells all.
        raise NotReadyError(str(error)) from error
