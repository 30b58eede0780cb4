"""The key of a simulated telephone: makes it, enrols it, signs entries. ECDSA on P-256, as a browser signs.

The arithmetic of the curve is written out here (FIPS 186-5, SEC 1), so that nothing is shared with the side
that verifies. It is slow and not hardened: good enough for a simulator.
"""

import base64
import hashlib
import json
import secrets
import time
from collections.abc import Mapping

P = 2**256 - 2**224 + 2**192 + 2**96 - 1
N = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
G = (
    0x6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296,
    0x4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5,
)
# SubjectPublicKeyInfo of an uncompressed point of P-256: everything before the point (RFC 5480).
SPKI_HEAD = bytes.fromhex("3059301306072a8648ce3d020106082a8648ce3d03010703420004")

type Point = tuple[int, int] | None


def _add(one: Point, other: Point) -> Point:
    if one is None or other is None:
        return one or other
    (x1, y1), (x2, y2) = one, other
    if x1 == x2 and (y1 + y2) % P == 0:
        return None
    rise, run = (3 * x1 * x1 - 3, 2 * y1) if one == other else (y2 - y1, x2 - x1)
    slope = rise * pow(run, -1, P) % P
    x = (slope * slope - x1 - x2) % P
    return x, (slope * (x1 - x) - y1) % P


def _multiply(point: Point, times: int) -> Point:
    total: Point = None
    while times:
        if times & 1:
            total = _add(total, point)
        point = _add(point, point)
        times >>= 1
    return total


def _text(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).decode().rstrip("=")


class Signer:
    """One telephone's key, with its counter, its chain and its clocks."""

    def __init__(self) -> None:
        """Draw a key. Nobody knows it yet."""
        self._secret = secrets.randbelow(N - 1) + 1
        point = _multiply(G, self._secret)
        if point is None:  # cannot be: the secret is below the order
            raise ArithmeticError
        self.public_key = SPKI_HEAD + point[0].to_bytes(32) + point[1].to_bytes(32)
        self.phone = hashlib.sha256(self.public_key).hexdigest()
        self._number = 0
        self._last = self.phone
        self._boot = secrets.token_hex(8)
        self._booted = time.monotonic()
        self._latest = 0
        self._seen: dict[str, object] | None = None

    def enrolment(self, worker: int) -> dict[str, object]:
        """Return what the telephone posts to be enrolled for this worker."""
        proof = self.sign(f"ponctuel-phone-1 {worker} {self.phone}".encode())
        return {"public_key": _text(self.public_key), "proof": proof}

    def see(self, server: float, phone: float) -> None:
        """Note an answer of the agency: its instant and the telephone's, in epoch seconds."""
        self._seen = {
            "server": round(server * 1000),
            "phone": round(phone * 1000),
            "boot": self._boot,
            "mono": self._mono(),
        }

    def entry(self, key: str, message: Mapping[str, object], *, at: float) -> tuple[str, str]:
        """Return the next entry, of a gesture at this epoch second, as (text, signature)."""
        self._number += 1
        shown = round(at * 1000)
        clock = {
            "boot": self._boot,
            "mono": self._mono(),
            "latest": self._latest or shown,
            "seen": self._seen,
        }
        self._latest = max(self._latest, shown)
        own = {
            "key": key,
            "phone": self.phone,
            "number": self._number,
            "previous": self._last,
            "clock": clock,
        }
        text = json.dumps({**message, "v": 2, **own}, separators=(",", ":"))
        self._last = hashlib.sha256(text.encode()).hexdigest()
        return text, self.sign(text.encode())

    def sign(self, text: bytes) -> str:
        """Return the signature, r ‖ s, as base64url."""
        digest = int.from_bytes(hashlib.sha256(text).digest())
        while True:
            nonce = secrets.randbelow(N - 1) + 1
            point = _multiply(G, nonce)
            r = 0 if point is None else point[0] % N
            s = pow(nonce, -1, N) * (digest + r * self._secret) % N
            if r and s:
                return _text(r.to_bytes(32) + s.to_bytes(32))

    def _mono(self) -> int:
        return round((time.monotonic() - self._booted) * 1000)
