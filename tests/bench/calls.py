"""Calls without their sound: a peer speaks the gateway's wire as Asterisk does, and answers every command at
once.

The ceiling of the work of a call (dialogue, look-ups, durable punch), done by the core that is reached over
TCP or by a script that is started for each call. Real calls over SIP last their seconds and are bounded by
Asterisk: `tests.bench.telephone` places those.
"""

import asyncio
import os
import sys
import time
import uuid
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

from tests.bench.agency import CALLED, Person
from tests.supervised import Supervised

SCRIPT = Path(__file__).with_name("forked_agi.py")

type Place = Callable[[Person], Coroutine[Any, Any, bool]]
"""Places one call; answers whether it ended with PONCTUEL_DONE, that is with a stored punch."""


def per_second(core: Supervised, people: list[Person], seconds: float) -> float:
    """Return how many calls a second the core took to their stored punch."""
    address = (core.settings.fastagi_host, core.settings.fastagi_port)

    async def place(person: Person) -> bool:
        reader, writer = await asyncio.open_connection(*address)
        try:
            return await _talk(person, reader, writer)
        finally:
            writer.close()

    return asyncio.run(_all_at_once(place, people, seconds))


def forked_per_second(core: Supervised, people: list[Person], seconds: float) -> float:
    """Return how many calls a second a script of their own, started for each, took to their stored punch."""
    environment = {
        **os.environ,
        "DATABASE_URL": core.settings.database_url,
        "CODE_KEY": core.settings.code_key,
    }

    async def place(person: Person) -> bool:
        script = await asyncio.create_subprocess_exec(
            sys.executable,
            str(SCRIPT),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            env=environment,
        )
        assert script.stdin is not None
        assert script.stdout is not None
        done = await _talk(person, script.stdout, script.stdin)
        script.stdin.close()
        if await script.wait():
            raise RuntimeError("the script failed")
        return done

    return asyncio.run(_all_at_once(place, people, seconds))


async def _all_at_once(place: Place, people: list[Person], seconds: float) -> float:
    began = time.monotonic()

    async def go_on(person: Person) -> int:
        done = 0
        while time.monotonic() < began + seconds:
            done += await place(person)
        return done

    counts = await asyncio.gather(*map(go_on, people))
    return sum(counts) / (time.monotonic() - began)


async def _talk(person: Person, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
    """Ask, key the code once, answer everything else at once."""
    headers = {
        "agi_request": "agi://core/punch",
        "agi_channel": "PJSIP/bench",
        "agi_uniqueid": f"bench-{uuid.uuid4().hex}",
        "agi_callerid": person.home.line,
        "agi_callingpres": "0",
        "agi_extension": CALLED,
        "agi_arg_1": str(int(next(person.times).timestamp())),
        "agi_arg_2": "/srv/prompts",
        "agi_arg_3": "/srv/notes",
    }
    writer.write("".join(f"{key}: {value}\n" for key, value in headers.items()).encode() + b"\n")
    done = keyed = False
    while command := await reader.readline():
        done = done or command.startswith(b'SET VARIABLE PONCTUEL_DONE "1"')
        reply = b"200 result=0 endpos=8000\n"
        if command.startswith(b"GET DATA"):
            reply = f"200 result={'' if keyed else person.code}\n".encode()
            keyed = True
        writer.write(reply)
        if command.startswith(b"HANGUP"):
            break
    return done
