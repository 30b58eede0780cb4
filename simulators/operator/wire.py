"""The little of SIP (RFC 3261) that an operator between two ends of one telephone exchange needs. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, field

_LINE = "\r\n"


class NotSipError(Exception):
    """These bytes are no SIP message."""


@dataclass(slots=True)
class Message:
    """A request or a response: its first line, its headers in order, its body."""

    first: str
    headers: list[tuple[str, str]] = field(default_factory=list)
    body: bytes = b""

    @property
    def is_response(self) -> bool:
        """Whether it answers something."""
        return self.first.startswith("SIP/2.0 ")

    @property
    def status(self) -> int:
        """The response's code."""
        return int(self.first.split(" ", 2)[1])

    @property
    def method(self) -> str:
        """What is asked, or what the response answers."""
        return self.one("CSeq").split()[1] if self.is_response else self.first.split(" ", 1)[0]

    @property
    def number(self) -> str:
        """The number that is called: the user of the request's address."""
        return self.first.split(" ")[1].removeprefix("sip:").partition("@")[0].partition(";")[0]

    def all(self, name: str) -> list[str]:
        """Return every header of this name."""
        return [value for one, value in self.headers if one.lower() == name.lower()]

    def one(self, name: str) -> str:
        """Return the first header of this name. Raises `NotSipError` without one."""
        for value in self.all(name):
            return value
        raise NotSipError(f"no {name}")


def read(data: bytes) -> Message:
    """Return the message. Raises `NotSipError`."""
    head, _, body = data.partition(b"\r\n\r\n")
    lines = head.decode(errors="replace").split(_LINE)
    if "SIP/2.0" not in lines[0]:
        raise NotSipError(lines[0][:40])
    headers = [
        (name.strip(), value.strip()) for name, _, value in (line.partition(":") for line in lines[1:])
    ]
    return Message(lines[0], headers, body)


def write(first: str, headers: Sequence[tuple[str, str]], body: bytes = b"") -> bytes:
    """Return the bytes of a message."""
    said = [first, *(f"{name}: {value}" for name, value in headers), f"Content-Length: {len(body)}", "", ""]
    return _LINE.join(said).encode() + body
