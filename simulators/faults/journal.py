"""What is about to be sent, and what was answered: each line is on the disk before the next thing is done."""

import json
import os
import threading
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Intent:
    """A punch about to be made, as it has to be stored; `at` in epoch seconds.

    `ref` is its identity; None when the source will draw it: then it is known by `who`, `where` and `at`.
    """

    channel: str
    ref: str | None
    at: float
    where: list[object]
    who: list[object]


@dataclass(frozen=True, slots=True)
class Ack:
    """The word that a punch is safe: `stored`, `duplicate` or `kept`. `at` in epoch seconds."""

    channel: str
    ref: str
    answer: str
    at: float


@dataclass(frozen=True, slots=True)
class Forgery:
    """A message that must not be stored. `ref` would end its identity; `taken`: it was answered as stored."""

    kind: str
    ref: str
    answer: str
    taken: bool = False


@dataclass(slots=True)
class Journal:
    """Both journals. Methods may be called from any thread; what they wrote is on the disk on return."""

    folder: Path
    intents: list[Intent] = field(default_factory=list)
    acks: list[Ack] = field(default_factory=list)
    refusals: list[str] = field(default_factory=list)
    forgeries: list[Forgery] = field(default_factory=list)
    _before: "_File" = field(init=False)
    _after: "_File" = field(init=False)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        self._before = _File(self.folder / "intents.jsonl")
        self._after = _File(self.folder / "answers.jsonl")

    def close(self) -> None:
        """Close the files; nothing more is written."""
        self._before.close()
        self._after.close()

    def intend(self, intent: Intent) -> None:
        """Write down what is about to be sent."""
        with self._lock:
            self._before.write(asdict(intent))
            self.intents.append(intent)

    def acknowledge(self, channel: str, ref: str, answer: str) -> None:
        """Write down that the punch with this identity was acknowledged."""
        with self._lock:
            ack = Ack(channel, ref, answer, time.time())
            self._after.write(asdict(ack))
            self.acks.append(ack)

    def refuse(self, ref: str, answer: str) -> None:
        """Write down that an honest punch was refused for good: nobody will send it again."""
        with self._lock:
            self._after.write({"ref": ref, "refused": answer})
            self.refusals.append(f"{ref}: {answer}")

    def forge(self, forgery: Forgery) -> None:
        """Write down a forgery that is over."""
        with self._lock:
            self._after.write(asdict(forgery))
            self.forgeries.append(forgery)

    def first_stored_since(self, instant: float) -> float | None:
        """Return when the first punch was acknowledged as committed from this instant on."""
        with self._lock:
            later = [ack.at for ack in self.acks if ack.at >= instant and ack.answer != "kept"]
        return min(later, default=None)


class _File:
    def __init__(self, path: Path) -> None:
        self._file = path.open("ab", buffering=0)

    def write(self, record: dict[str, object]) -> None:
        self._file.write(json.dumps(record).encode() + b"\n")
        os.fsync(self._file.fileno())

    def close(self) -> None:
        self._file.close()
