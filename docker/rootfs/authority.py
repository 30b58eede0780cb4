"""A certificate authority of this machine alone, so that phones of the same network get HTTPS.

Camera, service worker and WebCrypto need it. The authority can vouch for nothing but local names and private
addresses: whoever trusts it takes no risk for the rest of the web, even if its key leaks.
"""

import datetime as dt
import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from docker.rootfs.private import write_private

# Phones refuse certificates that live longer than this, whoever signed them.
_SERVER_LIFE = dt.timedelta(days=397)
_AUTHORITY_LIFE = dt.timedelta(days=5 * 365)
_PRIVATE_NETWORKS = ("127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16")
_LOCAL_NAMES = ("localhost", "local", "lan", "home", "home.arpa", "internal")


@dataclass(frozen=True, slots=True)
class Identity:
    """A certificate and its key."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey

    def save(self, certificate: Path, key: Path) -> None:
        """Write both as PEM; the key for the owner's eyes only."""
        pem = serialization.Encoding.PEM
        unencrypted = serialization.NoEncryption()
        write_private(key, self.key.private_bytes(pem, serialization.PrivateFormat.PKCS8, unencrypted))
        certificate.write_bytes(self.certificate.public_bytes(pem))

    @property
    def fingerprint(self) -> str:
        """SHA-256, as devices show it: `AB:CD:…`."""
        return self.certificate.fingerprint(hashes.SHA256()).hex(":").upper()


def load_authority(folder: Path, *, now: dt.datetime) -> Identity:
    """Read the authority kept in `folder`, or make one when there is none or its time is nearly over."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    certificate, key = folder / "authority.crt", folder / "authority.key"
    if certificate.exists() and key.exists():
        kept = _read(certificate, key)
        if kept.certificate.not_valid_after_utc - now > _SERVER_LIFE:
            return kept
    made = _make_authority(now)
    made.save(certificate, key)
    return made


def issue(authority: Identity, names: Sequence[str], *, now: dt.datetime) -> Identity:
    """Issue a server's certificate for host names and IP addresses."""
    key = ec.generate_private_key(ec.SECP256R1())
    certificate = (
        _builder(names[0], authority.certificate.subject, key, now=now, life=_SERVER_LIFE)
        .add_extension(x509.SubjectAlternativeName([_general_name(name) for name in names]), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(authority.key.public_key()), critical=False
        )
        .sign(authority.key, hashes.SHA256())
    )
    return Identity(certificate, key)


def _make_authority(now: dt.datetime) -> Identity:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"Ponctuel, autorité locale {now:%Y-%m-%d}")])
    local: list[x509.GeneralName] = [x509.DNSName(name) for name in _LOCAL_NAMES]
    local += [x509.IPAddress(ipaddress.ip_network(network)) for network in _PRIVATE_NETWORKS]
    certificate = (
        _builder(name, name, key, now=now, life=_AUTHORITY_LIFE)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(x509.NameConstraints(permitted_subtrees=local, excluded_subtrees=None), critical=True)
        .add_extension(_only_signs(), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    return Identity(certificate, key)


def _builder(
    subject: str | x509.Name,
    issuer: x509.Name,
    key: ec.EllipticCurvePrivateKey,
    *,
    now: dt.datetime,
    life: dt.timedelta,
) -> x509.CertificateBuilder:
    if isinstance(subject, str):
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, subject)])
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(hours=1))  # a phone's clock may be late
        .not_valid_after(now + life)
    )


def _only_signs() -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=False,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=True,
        crl_sign=True,
        encipher_only=False,
        decipher_only=False,
    )


def _general_name(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def _read(certificate: Path, key: Path) -> Identity:
    private = serialization.load_pem_private_key(key.read_bytes(), password=None)
    if not isinstance(private, ec.EllipticCurvePrivateKey):
        raise TypeError(f"{key}: not a key of ours")
    return Identity(x509.load_pem_x509_certificate(certificate.read_bytes()), private)
