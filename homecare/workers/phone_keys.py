"""Keys of workers' telephones: ECDSA on P-256 with SHA-256 (FIPS 186-5), as browsers make them. Pure.

The private key never leaves the telephone, which cannot read it either. What comes here is the public key
(SubjectPublicKeyInfo, DER) and signatures of 64 bytes, r ‖ s (IEEE P1363).
"""

import hashlib

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_der_public_key

from homecare.kernel.errors import InvalidError
from homecare.kernel.ids import WorkerId

HALF = 32
"""The bytes of r, and of s."""


def phone_id(public_key: bytes) -> str:
    """Return the name of the telephone with this key: the key's SHA-256, in hexadecimal."""
    return hashlib.sha256(public_key).hexdigest()


def enrolment_text(worker: WorkerId, phone: str) -> bytes:
    """Return what a telephone signs to show that it has the key, and for whom."""
    return f"ponctuel-phone-1 {worker} {phone}".encode()


def check_public_key(public_key: bytes) -> None:
    """Raise `InvalidError` unless this is a public key of P-256."""
    try:
        key = load_der_public_key(public_key)
    except Exception:  # noqa: BLE001 - the library has a dozen ways of not liking a key
        key = None
    if not isinstance(key, ec.EllipticCurvePublicKey) or not isinstance(key.curve, ec.SECP256R1):
        raise InvalidError("La clé de ce téléphone n’est pas utilisable.")


def is_signed(public_key: bytes, text: bytes, signature: bytes) -> bool:
    """Tell whether the signature over exactly these bytes was made with the key. `public_key` was checked."""
    key = load_der_public_key(public_key)
    if not isinstance(key, ec.EllipticCurvePublicKey) or len(signature) != 2 * HALF:
        return False
    r, s = int.from_bytes(signature[:HALF]), int.from_bytes(signature[HALF:])
    try:
        key.verify(encode_dss_signature(r, s), text, ec.ECDSA(SHA256()))
    except InvalidSignature:
        return False
    return True
