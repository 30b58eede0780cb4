"""The time-stamping authority, asked by HTTP (RFC 3161, 3.4)."""

from http.client import HTTPException
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from homecare.punches.ledger.stamp import LARGEST

PATIENCE_SECONDS = 10.0
_ASKS, _ANSWERS = "application/timestamp-query", "application/timestamp-reply"
_TRIED_AGAIN = 500


class AuthorityError(Exception):
    """No answer of the authority. `permanent`: asking the same again will not help."""

    def __init__(self, reason: str, *, permanent: bool) -> None:
        """`reason` is for the log."""
        super().__init__(reason)
        self.permanent = permanent


def ask_authority(url: str, query: bytes) -> bytes:
    """Post a query to the authority at `url`, which the settings let begin with http(s) only.

    Raises AuthorityError.
    """
    request = Request(url, data=query, headers={"Content-Type": _ASKS}, method="POST")  # noqa: S310
    try:
        with urlopen(request, timeout=PATIENCE_SECONDS) as answer:  # noqa: S310
            if answer.headers.get_content_type() != _ANSWERS:
                raise AuthorityError("an answer of another type", permanent=True)
            body: bytes = answer.read(LARGEST + 1)
    except HTTPError as error:
        raise AuthorityError(f"HTTP {error.code}", permanent=error.code < _TRIED_AGAIN) from None
    except (OSError, HTTPException) as error:
        raise AuthorityError(type(error).__name__, permanent=False) from None
    if len(body) > LARGEST:
        raise AuthorityError("an answer that is too long", permanent=True)
    return body
