"""What the root filesystem holds. A change here makes a new one at the next build."""

import hashlib

# Trixie has neither asterisk nor osrm-backend, and mixing suites gives a hybrid that nobody tests.
SUITE = "forky"

PACKAGES = (
    # servers
    "asterisk",
    "asterisk-core-sounds-fr",
    "asterisk-core-sounds-fr-wav",
    "mosquitto",
    "nginx",
    "postgresql-18",
    "postgresql-18-timescaledb",
    # their tools, and callers for the simulators
    "mosquitto-clients",
    "openssl",
    "osrm-backend",
    "sip-tester",
    # voices of the telephone prompts
    "espeak-ng",
    "sox",
    # a minimal system around them
    "ca-certificates",
    "iproute2",
    "locales",
    "procps",
    "tzdata",
)

# mmdebstrap starts from a clean apt configuration, so what the machine's own says must be said again.
APT_OPTIONS = (
    'APT::Install-Recommends "false"',
    # A mirror may serve a release file past its date; signatures are verified all the same.
    'Acquire::Check-Valid-Until "false"',
)

DPKG_OPTIONS = (
    "path-exclude=/usr/share/man/*",
    "path-exclude=/usr/share/doc/*",
    "path-include=/usr/share/doc/*/copyright",
)

# Keeps the package of PostgreSQL from making a cluster of its own.
ESSENTIAL_HOOK = (
    'mkdir -p "$1/etc/postgresql-common" && '
    'echo "create_main_cluster = false" > "$1/etc/postgresql-common/createcluster.conf"'
)


def fingerprint() -> str:
    """Twelve hexadecimal digits that change with anything said in this file."""
    said = "\n".join((SUITE, *PACKAGES, *APT_OPTIONS, *DPKG_OPTIONS, ESSENTIAL_HOOK))
    return hashlib.sha256(said.encode()).hexdigest()[:12]
