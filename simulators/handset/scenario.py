"""The SIPp scenario of one call.

The caller's text reaches the other side as it is, hostile or not: percent-encoded as a SIP user, which the
other side decodes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote

from simulators.handset.voice import TONE_SECONDS

GAP = 0.15
"""Seconds between two keys of a quick hand."""

type Keys = Sequence[tuple[float, str]]
"""Seconds to wait after the answer or the key before, then the keys to press in a row."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What one caller does. `caller` None: hidden number. `info` False: keys go into the voice stream.

    `lets_ring`: the caller hangs up after so many seconds of ringing, before anybody answers.

    `token` makes the dialog unique: SIPp only knows its process id, which is the same in every sandbox.
    """

    called: str
    caller: str | None
    keys: Keys
    hang_up_after: float | None
    media_port: int
    info: bool
    token: str
    lets_ring: float | None = None


def write_scenario(plan: Plan) -> str:
    """Return the scenario as XML."""
    if plan.lets_ring is not None:
        return _scenario([_invite(plan), _RINGING, pause(plan.lets_ring), _give_up(plan)])
    steps = [_invite(plan), _ANSWERED, _send(plan, "ACK", 1)]
    sequence = 1
    for wait, digits in plan.keys:
        steps.append(pause(wait))
        for digit in digits if plan.info else "":
            sequence += 1
            steps += [_press(plan, digit, sequence), _OK, pause(GAP)]
        if not plan.info:
            steps.append(pause(len(digits) * TONE_SECONDS))
    if plan.hang_up_after is None:
        steps.append(_HUNG_UP)
    else:
        steps += [pause(plan.hang_up_after), _send(plan, "BYE", sequence + 1, retrans=True), _OK]
    return _scenario(steps)


def _scenario(steps: Sequence[str]) -> str:
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<scenario name="handset">\n{"".join(steps)}</scenario>\n'


_RINGING = """
<recv response="100" optional="true"/>
<recv response="180"/>
"""
_ANSWERED = """
<recv response="100" optional="true"/>
<recv response="180" optional="true"/>
<recv response="183" optional="true"/>
<recv response="200"/>
"""
_OK = '<recv response="200"/>\n'
SEND_OK = """<send><![CDATA[
SIP/2.0 200 OK
[last_Via:]
[last_From:]
[last_To:]
[last_Call-ID:]
[last_CSeq:]
Content-Length: 0

]]></send>
"""
"""The answer to a request of the other side, a BYE above all."""
_HUNG_UP = f"""
<recv request="BYE"/>
{SEND_OK}"""


def pause(seconds: float) -> str:
    """Return the step that waits so long."""
    return f'<pause milliseconds="{round(seconds * 1000)}"/>\n'


def _invite(plan: Plan) -> str:
    tones = "" if plan.info else "\na=rtpmap:101 telephone-event/8000\na=fmtp:101 0-15"
    formats = "8" if plan.info else "8 101"
    privacy = "\nPrivacy: id" if plan.caller is None else ""
    return f"""<send retrans="500"><![CDATA[
INVITE sip:{_plain(plan.called)}@[remote_ip]:[remote_port] SIP/2.0
{_dialog(plan, "INVITE", 1, answered=False)}{privacy}
Content-Type: application/sdp
Content-Length: [len]

v=0
o=handset 1 1 IN IP4 [local_ip]
s=-
c=IN IP4 [local_ip]
t=0 0
m=audio {plan.media_port} RTP/AVP {formats}
a=rtpmap:8 PCMA/8000{tones}
a=ptime:20

]]></send>
"""


def _give_up(plan: Plan) -> str:
    """End a call that nobody has answered: within the transaction of its INVITE, to its very end."""
    cancel, ack = (
        _dialog(plan, method, 1, answered=method == "ACK").replace(f"-1-{method}", "-1-INVITE")
        for method in ("CANCEL", "ACK")
    )
    target = f"sip:{_plain(plan.called)}@[remote_ip]:[remote_port]"
    return f"""<send retrans="500"><![CDATA[
CANCEL {target} SIP/2.0
{cancel}
Content-Length: 0

]]></send>
<recv response="200"/>
<recv response="487"/>
<send><![CDATA[
ACK {target} SIP/2.0
{ack}
Content-Length: 0

]]></send>
"""


def _press(plan: Plan, digit: str, sequence: int) -> str:
    return f"""<send retrans="500"><![CDATA[
INFO [next_url] SIP/2.0
{_dialog(plan, "INFO", sequence)}
Content-Type: application/dtmf-relay
Content-Length: [len]

Signal={_plain(digit)}
Duration=120

]]></send>
"""


def _send(plan: Plan, method: str, sequence: int, *, retrans: bool = False) -> str:
    again = ' retrans="500"' if retrans else ""
    return f"""<send{again}><![CDATA[
{method} [next_url] SIP/2.0
{_dialog(plan, method, sequence)}
Content-Length: 0

]]></send>
"""


def _dialog(plan: Plan, method: str, sequence: int, *, answered: bool = True) -> str:
    tag = "[peer_tag_param]" if answered else ""
    return f"""Via: SIP/2.0/UDP [local_ip]:[local_port];branch=z9hG4bK-{plan.token}-{sequence}-{method}
From: {_from(plan.caller)};tag={plan.token}
To: <sip:{_plain(plan.called)}@[remote_ip]:[remote_port]>{tag}
Call-ID: [call_id]
CSeq: {sequence} {method}
Contact: <sip:handset@[local_ip]:[local_port]>
Max-Forwards: 70
User-Agent: handset"""


def _from(caller: str | None) -> str:
    if caller is None:
        return '"Anonymous" <sip:anonymous@anonymous.invalid>'
    return f"<sip:{quote(caller, safe='+')}@[local_ip]>"


def _plain(text: str) -> str:
    """Keep SIPp from reading its own marks in a text."""
    return text.replace("\\", "\\\\").replace("[", "\\[").replace("]]>", "")
