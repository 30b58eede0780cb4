"""The key of the calls that the dialplan keeps by itself: Asterisk encrypts, the core alone reads."""

import datetime as dt
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

from docker.rootfs.private import write_private

CERTIFICATE, KEY = "kept-calls.crt", "kept-calls.key"
_BITS = 3072
# `openssl cms -encrypt` looks at no date; a certificate has to name some all the same.
_SINCE, _UNTIL = dt.datetime(2020, 1, 1, tzinfo=dt.UTC), dt.datetime(2120, 1, 1, tzinfo=dt.UTC)
_PEM = serialization.Encoding.PEM


def ensure_key(folder: Path) -> bytes:
    """Return the certificate in `folder` as PEM; it is made with its key when there is none."""
    certificate, key = folder / CERTIFICATE, folder / KEY
    if not (certificate.exists() and key.exists()):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        made = rsa.generate_private_key(public_exponent=65537, key_size=_BITS)
        unencrypted = serialization.NoEncryption()
        write_private(key, made.private_bytes(_PEM, serialization.PrivateFormat.PKCS8, unencrypted))
        write_private(certificate, _certify(made).public_bytes(_PEM))
    return certificate.read_bytes()


def _certify(key: rsa.RSAPrivateKey) -> x509.Certificate:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Ponctuel, appels gardés")])
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(_SINCE)
        .not_valid_after(_UNTIL)
        .sign(key, hashes.SHA256())
    )
