"""Many callers at once, through one SIPp: each calls from its own line, keys its own code and listens on.

What SIPp counts is told as it is. A call that is not answered, is left without a hang-up, or hears an answer
that its steps do not know is a failed one.
"""

import csv
import secrets
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from simulators.handset.scenario import GAP, SEND_OK, pause
from simulators.handset.sipp import sipp_command

_SILENCE = b"\xd5" * 8000
"""One second of A-law silence: what a caller says who says nothing."""
_PORTS = (40_000, 59_998)


@dataclass(frozen=True, slots=True)
class Caller:
    """A line that calls (E.164), and the keys of its one entry."""

    line: str
    keys: str


@dataclass(frozen=True, slots=True)
class Manner:
    """How every caller of a crowd behaves. All have entries of the same length.

    `think`: seconds after the answer before the first key. `cut`: seconds after the last key of the entry at
    which one more key cuts short what is being said; None: hears everything out.
    """

    think: float
    cut: float | None = None
    gap: float = GAP


@dataclass(frozen=True, slots=True)
class CrowdReport:
    """How the calls went. `seconds` are those from answer to hang-up, of each call that ended well."""

    placed: int
    ended_well: int
    failed: int
    at_once: int
    per_second: float
    seconds: tuple[float, ...]


def place_calls(
    called: str, callers: Sequence[Caller], manner: Manner, *, switch: tuple[str, int], per_second: float
) -> CrowdReport:
    """Have each caller call `called` once, `per_second` of them; block until the last has hung up.

    Raises NoSippError; RuntimeError when SIPp itself fails.
    """
    with tempfile.TemporaryDirectory(prefix="crowd-") as folder:
        place = Path(folder)
        (place / "silence.alaw").write_bytes(_SILENCE)
        (place / "callers.csv").write_text("SEQUENTIAL\n" + "".join(map(_row, callers)))
        scenario = write_crowd(called, manner, keys=len(callers[0].keys), token=secrets.token_hex(6))
        (place / "crowd.xml").write_text(scenario, encoding="utf-8", newline="\r\n")
        options = (
            *(f"{switch[0]}:{switch[1]}", "-sf", "crowd.xml", "-inf", "callers.csv", "-nostdin"),
            *("-i", "127.0.0.1", "-mi", "127.0.0.1"),
            *("-min_rtp_port", str(_PORTS[0]), "-max_rtp_port", str(_PORTS[1])),
            *("-m", str(len(callers)), "-r", f"{per_second:g}", "-cid_str", f"{secrets.token_hex(6)}-%u@%s"),
            *("-trace_stat", "-stf", "counts.csv", "-fd", "1", "-trace_rtt", "-rtt_freq", "1"),
            *("-trace_err", "-error_file", "errors.log"),
        )
        command = [*sipp_command(place), *options]
        ended = subprocess.run(command, cwd=place, capture_output=True, text=True, check=False)  # noqa: S603
        if not (place / "counts.csv").exists():
            raise RuntimeError(ended.stderr[-2000:] or ended.stdout[-2000:])
        return _report(place)


def _row(caller: Caller) -> str:
    return ";".join((caller.line, *caller.keys)) + ";\n"


def _report(place: Path) -> CrowdReport:
    with (place / "counts.csv").open(newline="") as file:
        counts = list(csv.DictReader(file, delimiter=";"))
    last = counts[-1]
    starting = [row for row in counts if int(row["OutgoingCall(P)"])]
    return CrowdReport(
        placed=int(last["TotalCallCreated"]),
        ended_well=int(last["SuccessfulCall(C)"]),
        failed=int(last["FailedCall(C)"]),
        at_once=max(int(row["CurrentCall"]) for row in counts),
        per_second=int(starting[-1]["TotalCallCreated"]) / _seconds(starting[-1]["ElapsedTime(C)"]),
        seconds=tuple(_answer_to_hang_up(place)),
    )


def _seconds(clock: str) -> float:
    """Return SIPp's `HH:MM:SS:microseconds`, or `HH:MM:SS.fraction`, in seconds."""
    hours, minutes, seconds, *rest = clock.replace(".", ":").split(":")
    fraction = float(f"0.{rest[0]}") if rest else 0.0
    return int(hours) * 3600 + int(minutes) * 60 + int(seconds) + fraction


def _answer_to_hang_up(place: Path) -> Iterator[float]:
    for file in place.glob("crowd_*_rtt.csv"):
        with file.open(newline="") as rows:
            for row in csv.DictReader(rows, delimiter=";"):
                yield float(row["response_time_ms"]) / 1000


def write_crowd(called: str, manner: Manner, *, keys: int, token: str) -> str:
    """Return the scenario as XML; `keys` of an entry, which come with the line from the callers' file."""
    steps = [_INVITE, _ANSWERED, _ACK, pause(manner.think)]
    for number in range(1, keys + 1):
        steps += [_press(f"[field{number}]", number + 1), pause(manner.gap)]
    if manner.cut is not None:
        steps += [pause(manner.cut), _press("1", keys + 2)]
    scenario = "".join([*steps, _HUNG_UP]).replace("{called}", called).replace("{token}", token)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<scenario name="crowd">\n{scenario}</scenario>\n'


_DIALOG = """Via: SIP/2.0/UDP [local_ip]:[local_port];branch=z9hG4bK-{token}-[call_number]-{sequence}-{method}
From: <sip:[field0]@[local_ip]>;tag={token}-[call_number]
To: <sip:{called}@[remote_ip]:[remote_port]>{tag}
Call-ID: [call_id]
CSeq: {sequence} {method}
Contact: <sip:handset@[local_ip]:[local_port]>
Max-Forwards: 70"""


def _dialog(method: str, sequence: int) -> str:
    tag = "" if method == "INVITE" else "[peer_tag_param]"
    return _DIALOG.replace("{method}", method).replace("{sequence}", str(sequence)).replace("{tag}", tag)


def _press(key: str, sequence: int) -> str:
    return f"""<send retrans="500"><![CDATA[
INFO [next_url] SIP/2.0
{_dialog("INFO", sequence)}
Content-Type: application/dtmf-relay
Content-Length: [len]

Signal={key}
Duration=120

]]></send>
<recv response="200"/>
"""


_INVITE = f"""<send retrans="500"><![CDATA[
INVITE sip:{{called}}@[remote_ip]:[remote_port] SIP/2.0
{_dialog("INVITE", 1)}
Content-Type: application/sdp
Content-Length: [len]

v=0
o=crowd 1 1 IN IP4 [local_ip]
s=-
c=IN IP4 [media_ip]
t=0 0
m=audio [rtpstream_audio_port] RTP/AVP 8
a=rtpmap:8 PCMA/8000
a=ptime:20

]]></send>
"""
_ANSWERED = """<recv response="100" optional="true"/>
<recv response="180" optional="true"/>
<recv response="183" optional="true"/>
<recv response="200" timeout="10000"/>
"""
_ACK = f"""<send start_rtd="call"><![CDATA[
ACK [next_url] SIP/2.0
{_dialog("ACK", 1)}
Content-Length: 0

]]></send>
<nop><action><exec rtp_stream="silence.alaw,-1,8,PCMA/8000"/></action></nop>
"""
_HUNG_UP = f"""<recv request="BYE" timeout="60000" rtd="call"/>
{SEND_OK}"""
