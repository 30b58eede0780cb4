"""Places one call and tells how it went."""

import secrets
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Literal, TypedDict

from simulators.handset.scenario import Keys, Plan, write_scenario
from simulators.handset.sipp import run_sipp
from simulators.handset.trace import Message, read_trace
from simulators.handset.voice import Voice

_OK = 200
LONGEST = 120.0
"""Seconds after which a call that nobody ends is given up."""


class CallReport(TypedDict):
    """How a call went, as the caller's side saw it. Instants are epoch seconds of this machine."""

    answered: bool
    status: int  # the last SIP answer to the INVITE; 0: none came
    ended_by: Literal["them", "us"] | None
    answered_at: float | None
    ended_at: float | None
    seconds: float | None  # from answer to hang-up
    heard_seconds: float  # voice received
    loudness: float  # its root mean square, 1 at most
    call_id: str


def place_call(
    called: str,
    caller: str | None,
    keys: Keys = (),
    hang_up_after: float | None = None,
    *,
    switch: tuple[str, int],
    tones: Literal["info", "rfc2833"] = "info",
    save_to: Path | None = None,
    on_voice: Callable[[tuple[str, int]], None] = lambda _: None,
    lets_ring: float | None = None,
) -> CallReport:
    """Call `called` at `switch` (host, port) and press `keys`. Blocks until the call is over.

    `caller` None hides the number. Each of `keys` is (seconds after the answer or the keys before, keys in
    a row). `hang_up_after`: seconds after the last key at which the caller hangs up; None: waits to be hung
    up on. `tones`: how keys travel, as SIP INFO or as events within a voice stream. `save_to`: a WAV file
    of what was heard. `on_voice` is told, once and in another thread, where the voice comes from.
    `lets_ring`: seconds of ringing after which the caller hangs up, before anybody answers.
    Raises NoSippError.
    """
    presses = keys if tones == "rfc2833" else ()
    with tempfile.TemporaryDirectory(prefix="handset-") as folder, Voice(presses, on_voice=on_voice) as voice:
        token = secrets.token_hex(8)
        plan = Plan(
            called,
            caller,
            keys,
            hang_up_after,
            voice.port,
            info=tones == "info",
            token=token,
            lets_ring=lets_ring,
        )
        place = Path(folder)
        (place / "call.xml").write_text(write_scenario(plan), encoding="utf-8", newline="\r\n")
        run_sipp(place, _options(plan, switch), seconds=LONGEST)
        trace = place / "messages.log"
        messages = list(read_trace(trace.read_text(errors="replace"))) if trace.exists() else []
        if save_to is not None:
            voice.save(save_to)
        return _report(messages, voice)


def _options(plan: Plan, switch: tuple[str, int]) -> Sequence[str]:
    return (
        *(
            f"{switch[0]}:{switch[1]}",
            "-sf",
            "call.xml",
            "-i",
            "127.0.0.1",
            "-m",
            "1",
            "-cid_str",
            f"{plan.token}@%s",
        ),
        *("-max_invite_retrans", "4"),  # nobody there is known after some seconds
        *("-nostdin", "-timeout", f"{round(LONGEST)}s", "-trace_msg", "-message_file", "messages.log"),
    )


def _report(messages: Sequence[Message], voice: Voice) -> CallReport:
    answers = [message for message in messages if message.method == "INVITE" and message.status is not None]
    answered_at = next((message.at for message in answers if message.status == _OK), None)
    bye = next((message for message in messages if message.method == "BYE"), None)
    ended_at = bye.at if bye is not None else None
    return CallReport(
        answered=answered_at is not None,
        status=max((message.status or 0 for message in answers), default=0),
        ended_by=None if bye is None else "us" if bye.sent else "them",
        answered_at=answered_at,
        ended_at=ended_at,
        seconds=None if answered_at is None or ended_at is None else round(ended_at - answered_at, 3),
        heard_seconds=round(voice.heard_seconds, 2),
        loudness=round(voice.loudness, 4),
        call_id=messages[0].call_id if messages else "",
    )
