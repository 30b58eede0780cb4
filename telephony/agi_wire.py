"""The text of Asterisk's gateway interface: request headers, replies, quoting. Pure; no call is made here.

Source: Asterisk's res_agi. Whatever the network put into a header is a stranger's word; nothing is evaluated.
"""

import re
from dataclasses import dataclass

LONGEST_LINE = 4096
MOST_HEADERS = 64


class WireError(Exception):
    """The peer does not speak as Asterisk does."""


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer to one command: `200 result=<result> (<detail>) endpos=<end>`.

    `result` is Asterisk's word (-1: the channel is gone), `detail` what stood in brackets, `end` the sample
    at which a playback or recording stopped, 0 when none was given.
    """

    code: int
    result: str
    detail: str | None = None
    end: int = 0


_REPLY = re.compile(r"(?P<code>[0-9]{3}) (?P<rest>.*)", re.DOTALL)
_RESULT = re.compile(
    r"result=(?P<result>\S*)(?: \((?P<detail>.*)\))?(?: endpos=(?P<end>[0-9]{1,18}))?\s*", re.DOTALL
)


def read_reply(line: str) -> Reply | None:
    """Return the reply in `line`; None when more lines follow (`520-…`) or Asterisk only keeps us patient.

    Raises WireError on anything that is no reply.
    """
    if re.match("[0-9]{3}-", line) or line.startswith("100 "):
        return None
    reply = _REPLY.fullmatch(line)
    if reply is None:
        raise WireError("not a reply")
    result = _RESULT.fullmatch(reply["rest"])
    if result is None:
        return Reply(int(reply["code"]), "")
    return Reply(int(reply["code"]), result["result"], result["detail"], int(result["end"] or 0))


def read_header(line: str) -> tuple[str, str]:
    """Return name and value of a request header. Raises WireError when it is none."""
    name, colon, value = line.partition(":")
    if not colon or not re.fullmatch("agi_[a-z0-9_]{1,40}", name):
        raise WireError("not a header")
    return name, value.strip()


def quote(argument: str) -> str:
    """Return `argument` as one argument of a command. Raises ValueError when it could end the line."""
    if any(character in argument for character in "\r\n\0"):
        raise ValueError("a line break cannot be sent")
    escaped = argument.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def write_command(*words: str, arguments: tuple[str, ...] = ()) -> bytes:
    """Return a command line: `words` as they are, `arguments` quoted."""
    return " ".join((*words, *map(quote, arguments))).encode() + b"\n"
