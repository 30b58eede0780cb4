"""A certificate authority of this machine alone, so that phones of the same network get HTTPS.

Camera, service worker and WebCrypto need it. The authority can vouch for nothing but local names, private
addresses and the very address of this machine: whoever trusts it takes no risk for the rest of the web, even
if its key leaks.
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


def load_authority(folder: Path, names: Sequence[str], *, now: dt.datetime) -> Identity:
    """Read the authority kept in `folder` that may vouch for these host names and IP addresses.

    One is made when there is none, when it may not vouch for all of them, or when its time is nearly over.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    certificate, key = folder / "authority.crt", folder / "authority.key"
    if certificate.exists() and key.exists():
        kept = _read(certificate, key)
        lives_on = kept.certificate.not_valid_after_utc - now > _SERVER_LIFE
        if lives_on and all(_may_vouch(kept.certificate, name) for name in names):
            return kept
    made = _make_authority(names, now)
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


def _may_vouch(authority: x509.Certificate, name: str) -> bool:
    permitted = authority.extensions.get_extension_for_class(x509.NameConstraints).value.permitted_subtrees
    return any(_covers(one, _general_name(name)) for one in permitted or ())


def _covers(permitted: x509.GeneralName, asked: x509.GeneralName) -> bool:
    if isinstance(permitted, x509.DNSName) and isinstance(asked, x509.DNSName):
        return asked.value == permitted.value or asked.value.endswith(f".{permitted.value}")
    if isinstance(permitted, x509.IPAddress) and isinstance(asked, x509.IPAddress):
        return ipaddress.ip_address(str(asked.value)) in ipaddress.ip_network(str(permitted.value))
    return False


def _make_authority(names: Sequence[str], now: dt.datetime) -> Identity:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"Ponctuel, autorité locale {now:%Y-%m-%d}")])
    local: list[x509.GeneralName] = [x509.DNSName(name) for name in _LOCAL_NAMES]
    local += [x509.IPAddress(ipaddress.ip_network(network)) for network in _PRIVATE_NETWORKS]
    # A network may use addresses that are not private: then this one alone.
    local += [_alone(name) for name in names if not any(_covers(one, _general_name(name)) for one in local)]
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


def _alone(name: str) -> x509.GeneralName:
    """Return the subtree that holds this host name or address and no other address."""
    asked = _general_name(name)
    if isinstance(asked, x509.IPAddress):
        return x509.IPAddress(ipaddress.ip_network(name))
    return asked


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
