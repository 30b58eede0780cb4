"""Workers who call: real SIP calls whose answer falls on the scripted instant."""

import secrets
import tempfile
import threading
import time
from collections.abc import Mapping
from pathlib import Path

from simulators.day.hearing import Ear
from simulators.day.ledger import Ledger, Sent
from simulators.day.model import Gesture
from simulators.handset.call import place_call
from simulators.handset.scenario import GAP, Keys

FIRST_KEY_SECONDS = 1.0
_NEXT_CODE_SECONDS, _AFTER_MISTAKE_SECONDS = 1.2, 2.2
LISTENS_SECONDS = 5.0
"""How long a caller listens after the last key: long enough for the sentence that confirms."""
_FIRST_LEAD = 0.3
_ATTEMPTS = 5
_AGAIN_SECONDS = 2.0


class Callers:
    """Places the calls of workers. `call` blocks for the length of the call; any thread may call it."""

    def __init__(
        self, switch: tuple[str, int], called: str, codes: Mapping[int, str], *, ear: Ear, ledger: Ledger
    ) -> None:
        """Call `called` at `switch` with the workers' `codes`; `ear` tells what was heard."""
        self._switch = switch
        self._called = called
        self._codes = codes
        self._ear = ear
        self._ledger = ledger
        self._lock = threading.Lock()
        self._lead = _FIRST_LEAD
        self.live = 0

    @property
    def lead(self) -> float:
        """Seconds that pass, of late, between starting a call and its answer."""
        return self._lead

    def call(self, gesture: Gesture) -> None:
        """Make this punch by telephone; one that is not served is made again, as a worker does."""
        with self._lock:
            self.live += 1
        try:
            for _ in range(_ATTEMPTS):
                if self._attempt(gesture):
                    return
                time.sleep(_AGAIN_SECONDS)
            self._ledger.note_failure(gesture, "nobody took the call")
        finally:
            with self._lock:
                self.live -= 1

    def _attempt(self, gesture: Gesture) -> bool:
        started = time.time()
        with tempfile.TemporaryDirectory(prefix="caller-") as folder:
            recording = Path(folder) / "heard.wav"
            report = place_call(
                self._called,
                self._number_of(gesture),
                self._keys_of(gesture),
                LISTENS_SECONDS,
                switch=self._switch,
                save_to=recording,
            )
            answered_at, ended_at = report["answered_at"], report["ended_at"]
            if answered_at is None:
                return False
            with self._lock:
                self._lead += (answered_at - started - self._lead) / 8
            heard = self._ear.recognise(recording)
        if heard == "given_back":
            return False
        last_key = (ended_at or time.time()) - (LISTENS_SECONDS + GAP if report["ended_by"] == "us" else 0.0)
        self._ledger.note(Sent(gesture, answered_at, last_key, heard))
        return True

    def _number_of(self, gesture: Gesture) -> str | None:
        return None if gesture.hidden else gesture.stop.line or gesture.stop.mobile

    def _keys_of(self, gesture: Gesture) -> Keys:
        code = self._codes[gesture.stop.worker]
        keys = [(FIRST_KEY_SECONDS, code)]
        if gesture.hidden or gesture.stop.line is None:
            keys = [(FIRST_KEY_SECONDS, gesture.stop.home_code), (_NEXT_CODE_SECONDS, code)]
        if gesture.mistyped:
            wait, _ = keys.pop()
            keys += [(wait, self._wrong_code()), (_AFTER_MISTAKE_SECONDS, code)]
        return keys

    def _wrong_code(self) -> str:
        given = set(self._codes.values())
        while (code := f"{secrets.randbelow(10**6):06}") in given:
            pass
        return code
