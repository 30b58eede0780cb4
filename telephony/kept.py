"""Reads a call that the dialplan kept by itself: decrypted, then checked word by word. Pure.

The file comes from Asterisk's folder. That it can be decrypted proves nothing about who wrote it, so it is as
untrusted as a call.
"""

import re
from dataclasses import dataclass

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key, pkcs7

from telephony.claims import Entry, KeptMissed, read_entry
from telephony.model import Ring
from telephony.ring import RingError, read_ring

LARGEST = 16_384
"""Bytes of a file; one of ours has some 800."""
_FIRST, _LAST = "ponctuel 1", "end"
_WORDS = ("reference", "answered", "called", "caller", "presentation", "entry")
_ALLOWED, _WITHHELD = "0", "32"
_VALUE = re.compile(r"[A-Za-z0-9_.:+-]{0,80}")


class KeptCallError(Exception):
    """The file holds no call that our dialplan kept for us."""


@dataclass(frozen=True, slots=True)
class KeptCall:
    """A call that the dialplan took, and what was keyed; or one that was missed."""

    ring: Ring
    entry: Entry | KeptMissed


@dataclass(frozen=True, slots=True)
class Reader:
    """Opens what was encrypted for the core."""

    certificate: x509.Certificate
    key: RSAPrivateKey

    @classmethod
    def load(cls, certificate: bytes, key: bytes) -> "Reader":
        """Return the reader of these two PEM texts. Raises ValueError."""
        private = load_pem_private_key(key, password=None)
        if not isinstance(private, RSAPrivateKey):
            raise ValueError("the key of kept calls must be an RSA key")  # noqa: TRY004 - a wrong file
        return cls(x509.load_pem_x509_certificate(certificate), private)

    def open(self, encrypted: bytes) -> KeptCall:
        """Return the call. Raises KeptCallError."""
        if len(encrypted) > LARGEST:
            raise KeptCallError("too large")
        try:
            pem = encrypted.replace(b" CMS-----", b" PKCS7-----")  # one format under two names
            text = pkcs7.pkcs7_decrypt_pem(pem, self.certificate, self.key, []).decode("ascii")
        except Exception as error:
            raise KeptCallError("cannot be decrypted") from error
        return read_kept_call(text)


def read_kept_call(text: str) -> KeptCall:
    """Return the call that `keep-call` wrote as `text`. Raises KeptCallError."""
    lines = text.split("\n")
    if lines[0] != _FIRST or lines[-2:] != [_LAST, ""]:
        raise KeptCallError("not whole")
    words = [line.partition("=") for line in lines[1:-2]]
    said = {name: value for name, _, value in words}
    if [name for name, *_ in words] != [*_WORDS] or not all(map(_VALUE.fullmatch, said.values())):
        raise KeptCallError("other words than ours")
    headers = {
        "agi_uniqueid": said["reference"],
        "agi_arg_1": said["answered"],
        "agi_extension": said["called"],
        "agi_arg_4": "",
        "agi_callerid": said["caller"],
        "agi_callingpres": _ALLOWED if said["presentation"].startswith("allowed") else _WITHHELD,
    }
    try:
        return KeptCall(read_ring(headers.__getitem__), read_entry(said["entry"]))
    except (RingError, ValueError) as error:
        raise KeptCallError(str(error)) from error
