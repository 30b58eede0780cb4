"""A phone that the agency rings: it answers, talks a while and hangs up, or it is busy."""

import secrets
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from simulators.handset.scenario import SEND_OK, Keys
from simulators.handset.sipp import sipp_command
from simulators.handset.voice import Voice

_ANSWER = """<recv request="INVITE" rrs="true"><action>
{check}<ereg regexp=".*" search_in="hdr" header="From:" assign_to="caller"/>
</action></recv>
<send retrans="500"><![CDATA[
SIP/2.0 200 OK
[last_Via:]
[last_From:]
[last_To:];tag=duty-{call}
[last_Call-ID:]
[last_CSeq:]
Contact: <sip:duty@[local_ip]:[local_port]>
Content-Type: application/sdp
Content-Length: [len]

v=0
o=duty 1 1 IN IP4 [local_ip]
s=-
c=IN IP4 [local_ip]
t=0 0
m=audio {port} RTP/AVP 8 101
a=rtpmap:8 PCMA/8000
a=rtpmap:101 telephone-event/8000
a=fmtp:101 0-15

]]></send>
<recv request="ACK"/>
{end}"""
_HANG_UP = """<pause milliseconds="{talk}"/>
<send retrans="500"><![CDATA[
BYE [next_url] SIP/2.0
Via: SIP/2.0/UDP [local_ip]:[local_port];branch=z9hG4bK-{call}-[call_number]
From: <sip:duty@[local_ip]:[local_port]>;tag=duty-{call}
To:[$caller]
Call-ID: [call_id]
CSeq: 1 BYE
Max-Forwards: 70
Content-Length: 0

]]></send>
<recv response="200"/>
"""
_HUNG_UP = f"""<recv request="BYE"/>
{SEND_OK}<Reference variables="caller"/>
"""
_CHECK = """<ereg regexp="^INVITE sip:[+]{digits}@" search_in="msg" check_it="true" assign_to="called"/>
"""
_CHECKED = """<Reference variables="called"/>
"""
_LAST_WORDS = 20.0
"""Seconds within which whoever called has hung up."""
_BUSY = """<recv request="INVITE"/>
<send><![CDATA[
SIP/2.0 486 Busy Here
[last_Via:]
[last_From:]
[last_To:];tag=duty-{call}
[last_Call-ID:]
[last_CSeq:]
Content-Length: 0

]]></send>
<recv request="ACK"/>
"""


@contextmanager
def duty_phone(
    port: int,
    *,
    number: str = "",
    busy: bool = False,
    talk_seconds: float | None = 1.0,
    presses: Keys = (),
) -> Iterator[Voice]:
    """Be reachable at 127.0.0.1:`port` for one call. Gives the phone's ear. Raises NoSippError.

    `number` (E.164): whoever dials another one is not answered; empty for any.
    `talk_seconds` None: waits to be hung up on. `presses`: keys, and the seconds to wait before them.
    """
    with tempfile.TemporaryDirectory(prefix="duty-") as folder, Voice(presses) as voice:
        place = Path(folder)
        end = (
            _HUNG_UP if talk_seconds is None else _HANG_UP.replace("{talk}", str(round(talk_seconds * 1000)))
        )
        steps = (_BUSY if busy else _ANSWER).replace("{port}", str(voice.port))
        check = _CHECK.replace("{digits}", number.removeprefix("+")) if number else ""
        steps = steps.replace("{check}", check).replace("{end}", end + (_CHECKED if number else ""))
        # sipp counts in a process namespace of its own: of two phones that follow each other within half a
        # minute the second's BYE would look like the first's sent again, and be answered so.
        steps = steps.replace("{call}", secrets.token_hex(6))
        scenario = f'<?xml version="1.0" encoding="UTF-8"?>\n<scenario name="duty">\n{steps}</scenario>\n'
        (place / "duty.xml").write_text(scenario, encoding="utf-8", newline="\r\n")
        options = ("-sf", "duty.xml", "-i", "127.0.0.1", "-p", str(port), "-m", "1", "-nostdin")
        with (place / "output").open("wb") as output:
            command = [*sipp_command(place), *options]
            phone = subprocess.Popen(command, cwd=place, stdout=output, stderr=output)  # noqa: S603
        try:
            yield voice
            if talk_seconds is None:  # a phone that vanishes amid a call leaves its end to the next one
                phone.wait(timeout=_LAST_WORDS)
        finally:
            phone.terminate()
            phone.wait()
