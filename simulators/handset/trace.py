"""Reads SIPp's message trace: who said what, when. The only witness of how a call went."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

_STAMP = re.compile(r"^-{20,} (\d{4}-\d\d-\d\d[ T\t]\d\d:\d\d:\d\d\.\d+)", re.MULTILINE)
_STATUS = re.compile(r"SIP/2\.0 (\d{3})")
_METHOD = re.compile(r"^CSeq: *\d+ +([A-Z]+)", re.MULTILINE)
_CALL = re.compile(r"^Call-ID: *(\S+)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Message:
    """One SIP message. `at` is epoch seconds; `status` None: a request; `method` is that of its CSeq."""

    at: float
    sent: bool
    status: int | None
    method: str
    call_id: str


def read_trace(text: str) -> Iterator[Message]:
    """Yield the messages in order; what is no SIP message is passed over."""
    pieces = _STAMP.split(text)[1:]
    for stamp, said in zip(pieces[::2], pieces[1::2], strict=True):
        heading, _, message = said.strip().partition("\n\n")
        method, call = _METHOD.search(message), _CALL.search(message)
        if method is None or call is None:
            continue
        status = _STATUS.match(message.strip())
        yield Message(
            at=datetime.fromisoformat(stamp.replace("\t", " ")).timestamp(),
            sent="sent" in heading,
            status=int(status[1]) if status else None,
            method=method[1],
            call_id=call[1],
        )
