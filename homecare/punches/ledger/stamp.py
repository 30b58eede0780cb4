"""The messages by which a time-stamping authority vouches for a digest (RFC 3161, DER). Pure.

What is checked of an answer: that it was granted, that its token is about our digest, and our question.
What is not: the authority's signature, which an auditor checks with its certificate (`LISEZ-MOI.txt`).
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated

from cryptography.hazmat import asn1
from cryptography.x509 import ObjectIdentifier

LARGEST = 65536
_SHA256 = ObjectIdentifier("2.16.840.1.101.3.4.2.1")
_SIGNED_DATA = ObjectIdentifier("1.2.840.113549.1.7.2")
_TST_INFO = ObjectIdentifier("1.2.840.113549.1.9.16.1.4")
_GRANTED = (0, 1)


class StampError(Exception):
    """An answer that is no token for what was asked. The text names what is wrong, no content."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """A token (DER, a CMS ContentInfo) and the instant for which its authority vouches."""

    token: bytes
    at: datetime


@asn1.sequence
class _Algorithm:
    oid: ObjectIdentifier
    parameters: asn1.Null | None


@asn1.sequence
class _Imprint:
    algorithm: _Algorithm
    digest: bytes


@asn1.sequence
class _Query:
    version: int
    imprint: _Imprint
    policy: ObjectIdentifier | None
    nonce: int | None
    wants_certificates: Annotated[bool, asn1.Default(value=False)]


@asn1.sequence
class _Status:
    status: int
    texts: list[str] | None
    failure: asn1.BitString | None


@asn1.sequence
class _Refused:
    status: _Status


@asn1.sequence
class _Granted:
    status: _Status
    token: asn1.TLV


@asn1.sequence
class _Content:
    kind: ObjectIdentifier
    content: Annotated[bytes, asn1.Explicit(0)]


@asn1.sequence
class _SignedData:
    version: int
    digests: asn1.SetOf[asn1.TLV]
    content: _Content
    # Sets, read as lists: not every authority sorts them as DER wants.
    certificates: Annotated[list[asn1.TLV] | None, asn1.Implicit(0)]
    revocations: Annotated[list[asn1.TLV] | None, asn1.Implicit(1)]
    signers: asn1.SetOf[asn1.TLV]


@asn1.sequence
class _Token:
    kind: ObjectIdentifier
    content: Annotated[_SignedData, asn1.Explicit(0)]


@asn1.sequence
class _Accuracy:
    seconds: int | None
    milliseconds: Annotated[int | None, asn1.Implicit(0)]
    microseconds: Annotated[int | None, asn1.Implicit(1)]


@asn1.sequence
class _Info:
    version: int
    policy: ObjectIdentifier
    imprint: _Imprint
    serial: int
    at: asn1.GeneralizedTime
    accuracy: _Accuracy | None
    ordering: Annotated[bool, asn1.Default(value=False)]
    nonce: int | None
    authority: Annotated[list[asn1.TLV] | None, asn1.Implicit(0)]
    extensions: Annotated[list[asn1.TLV] | None, asn1.Implicit(1)]


def write_query(digest: bytes, *, nonce: int) -> bytes:
    """Return the question: a token for this SHA-256 digest, with the authority's certificates in it.

    `nonce` is positive, of 64 bits at most, and used once.
    """
    imprint = _Imprint(algorithm=_Algorithm(oid=_SHA256, parameters=asn1.Null()), digest=digest)
    return asn1.encode_der(
        _Query(version=1, imprint=imprint, policy=None, nonce=nonce, wants_certificates=True)
    )


def read_answer(answer: bytes, *, digest: bytes, nonce: int) -> Stamp:
    """Read what the authority answered to `write_query`. Raises StampError."""
    try:
        granted = asn1.decode_der(_Granted, answer)
    except ValueError:
        raise StampError(_tell_refusal(answer)) from None
    if granted.status.status not in _GRANTED:
        raise StampError("a token that is not granted")
    token = asn1.encode_der(granted.token)
    info = _read_token(token)
    if info.imprint.algorithm.oid != _SHA256 or info.imprint.digest != digest:
        raise StampError("a token for another digest")
    if info.nonce != nonce:
        raise StampError("the answer to another question")
    return Stamp(token, info.at.as_datetime().replace(tzinfo=UTC))


def _read_token(token: bytes) -> _Info:
    try:
        outer = asn1.decode_der(_Token, token)
        content = outer.content.content
        if (outer.kind, content.kind) != (_SIGNED_DATA, _TST_INFO):
            raise StampError("a token of another kind")
        return asn1.decode_der(_Info, content.content)
    except ValueError:
        raise StampError("a token that cannot be read") from None


def _tell_refusal(answer: bytes) -> str:
    try:
        return f"refused with status {asn1.decode_der(_Refused, answer).status.status}"
    except ValueError:
        return "not an answer of an authority"
