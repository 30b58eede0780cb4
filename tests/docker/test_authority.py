"""The local authority: browsers believe it for this machine, and for nothing beyond the local network."""

import datetime as dt
import ipaddress
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.x509.verification import PolicyBuilder, Store, VerificationError

from docker.rootfs.authority import Identity, issue, load_authority

NOW = dt.datetime(2026, 11, 24, 8, 0, tzinfo=dt.UTC)
USUAL = ["192.168.1.20", "127.0.0.1", "localhost", "machine.local"]
ELSEWHERE = "198.51.100.20"


def believes(authority: Identity, name: str) -> bool:
    """Tell whether a browser that trusts the authority accepts its certificate for this name."""
    certificate = issue(authority, [name], now=NOW).certificate
    asked: x509.GeneralName
    try:
        asked = x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        asked = x509.DNSName(name)
    verifier = PolicyBuilder().store(Store([authority.certificate])).time(NOW).build_server_verifier(asked)
    try:
        verifier.verify(certificate, [])
    except VerificationError:
        return False
    return True


@pytest.mark.parametrize("name", USUAL)
def test_it_vouches_for_local_names_and_private_addresses(tmp_path: Path, name: str) -> None:
    assert believes(load_authority(tmp_path, USUAL, now=NOW), name)


@pytest.mark.parametrize("name", [ELSEWHERE, "impots.gouv.fr", "8.8.8.8"])
def test_it_vouches_for_nothing_else(tmp_path: Path, name: str) -> None:
    assert not believes(load_authority(tmp_path, USUAL, now=NOW), name)


def test_a_machine_whose_address_is_not_private_is_vouched_for_alone(tmp_path: Path) -> None:
    authority = load_authority(tmp_path, [ELSEWHERE, *USUAL], now=NOW)
    assert believes(authority, ELSEWHERE)
    assert not believes(authority, "198.51.100.21")


def test_it_is_kept_while_it_can_vouch_for_the_machine_and_made_anew_when_it_cannot(tmp_path: Path) -> None:
    first = load_authority(tmp_path, USUAL, now=NOW)
    assert load_authority(tmp_path, ["10.0.0.9"], now=NOW).fingerprint == first.fingerprint
    moved = load_authority(tmp_path, [ELSEWHERE], now=NOW)
    assert moved.fingerprint != first.fingerprint
    assert load_authority(tmp_path, [ELSEWHERE], now=NOW).fingerprint == moved.fingerprint
    years_later = NOW + dt.timedelta(days=4 * 365)
    assert load_authority(tmp_path, [ELSEWHERE], now=years_later).fingerprint != moved.fingerprint
