"""The device: a secret, a clock of its own, a display."""

import base64
import hmac
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import parse_qs, urlsplit


@dataclass(frozen=True, slots=True)
class Device:
    """`seconds_fast`: how far its clock runs ahead of the real time."""

    secret: bytes
    digits: int
    period: int
    seconds_fast: float = 0.0

    @classmethod
    def provision(cls, address: str, *, seconds_fast: float = 0.0) -> "Device":
        """Read an `otpauth://totp/…` address, as the camera of an authenticator does. Raises ValueError."""
        parts = urlsplit(address)
        if (parts.scheme, parts.netloc) != ("otpauth", "totp"):
            raise ValueError("not the address of a code device")
        said = {name: values[0] for name, values in parse_qs(parts.query).items()}
        if said.get("algorithm", "SHA1") != "SHA1":
            raise ValueError("only SHA1 is known")
        text = said["secret"]
        secret = base64.b32decode(text + "=" * (-len(text) % 8))
        return cls(secret, int(said.get("digits", 6)), int(said.get("period", 30)), seconds_fast)

    def show(self, at: datetime) -> str:
        """Return what the display shows at the real instant `at`."""
        counter = int(at.timestamp() + self.seconds_fast) // self.period
        digest = hmac.new(self.secret, counter.to_bytes(8, "big"), "sha1").digest()
        offset = digest[19] % 16
        number = int.from_bytes(digest[offset : offset + 4], "big") % 2**31
        return str(number % 10**self.digits).rjust(self.digits, "0")
