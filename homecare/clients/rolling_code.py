"""The rolling code: eight digits that change every thirty seconds (RFC 6238 over RFC 4226, SHA-1). Pure.

Any authenticator app shows it. A device whose clock runs fast or slow shows the code of another step; by how
many is learnt from its use, within what a cheap quartz can drift.
"""

import hashlib
import secrets
from base64 import b32encode
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from urllib.parse import quote, urlencode

STEP_SECONDS = 30
DIGITS = 8
SECRET_BYTES = 20
ISSUER = "Ponctuel"
LIFETIME = timedelta(days=7)
"""From the device's time on; a code keyed later has expired."""
MEMORY = timedelta(days=14)
"""So far back an expired code is still told from a wrong one."""

FRESH_STEPS = 20
"""A code keyed within ten minutes tells something about the device's clock."""
SLOW_AFTER = 3
"""So many fresh uses must agree before a device counts as slow: one may just have been keyed late."""
_SET_BY_HAND = 2  # steps: nobody sets a clock better than to a minute
_DRIFT_A_DAY = 0.3  # steps: 100 parts in a million, the worst quartz on sale


def draw_secret() -> bytes:
    """Draw a device's secret."""
    return secrets.token_bytes(SECRET_BYTES)


def is_rolling_code(text: str) -> bool:
    """Tell whether `text` has the form of a rolling code: eight ASCII digits."""
    return len(text) == DIGITS and text.isascii() and text.isdigit()


def provisioning_address(secret: bytes, label: str) -> str:
    """Return the `otpauth:` address that an authenticator reads from a QR code."""
    base32 = b32encode(secret).decode().rstrip("=")
    query = urlencode(
        {
            "secret": base32,
            "issuer": ISSUER,
            "algorithm": "SHA1",
            "digits": DIGITS,
            "period": STEP_SECONDS,
        }
    )
    return f"otpauth://totp/{quote(f'{ISSUER}:{label}')}?{query}"


def step_at(instant: datetime) -> int:
    """Return the number of the step that an exact clock shows at `instant`."""
    return int(instant.timestamp()) // STEP_SECONDS


def time_of(step: int, *, drift: int) -> datetime:
    """Return when a device that is `drift` steps ahead begins to show the code of `step`."""
    return datetime.fromtimestamp((step - drift) * STEP_SECONDS, UTC)


def find_step(secret: bytes, code: str, steps: Sequence[int]) -> int | None:
    """Return the first of `steps` that shows `code`. Some 0.8 µs a step."""
    for step, shown in zip(steps, codes(secret, steps), strict=True):
        if shown == code:
            return step
    return None


def codes(secret: bytes, steps: Iterable[int]) -> Iterator[str]:
    """Yield the code of each step.

    HMAC is written out so that its two keyed beginnings are hashed once for a week of steps.
    """
    key = secret.ljust(64, b"\0")
    inner = hashlib.sha1(bytes(byte ^ 0x36 for byte in key))  # noqa: S324 - what authenticators speak;
    outer = hashlib.sha1(bytes(byte ^ 0x5C for byte in key))  # noqa: S324 - sound within HMAC (RFC 6151)
    for step in steps:
        first = inner.copy()
        first.update(step.to_bytes(8))
        second = outer.copy()
        second.update(first.digest())
        digest = second.digest()
        start = digest[-1] & 0x0F
        number = int.from_bytes(digest[start : start + 4]) & 0x7FFFFFFF
        yield f"{number % 10**DIGITS:0{DIGITS}}"


def steps_back(instant: datetime, *, drift: int, ahead: int, past: timedelta) -> range:
    """Return the steps that a device may have shown until `instant`, the newest first.

    `ahead`: by how many steps more than `drift` its clock may be fast.
    """
    now = step_at(instant) + drift
    return range(now + ahead, now - int(past.total_seconds()) // STEP_SECONDS, -1)


def may_be_ahead(silence: timedelta) -> int:
    """Return by how many steps a clock may have drifted since it was last heard of."""
    return _SET_BY_HAND + int(_DRIFT_A_DAY * max(silence.days, 0))


def learn_drift(ahead: Sequence[int], *, drift: int, age: timedelta) -> int:
    """Return the drift that the latest uses show. `ahead`: steps by which the device was ahead of each call.

    A call comes after the code was read, never before: the greatest of them is nearest to the truth.
    """
    fresh = [steps for steps in ahead if steps >= drift - FRESH_STEPS]
    allowed = may_be_ahead(age)
    if not fresh or (max(fresh) < 0 and len(fresh) < SLOW_AFTER):
        return drift
    return max(-allowed, min(allowed, max(fresh)))
