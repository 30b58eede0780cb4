"""The box's memory: a journal, one JSON line for each punch and each answer. Not shared by threads."""

import json
import os
from pathlib import Path


class Memory:
    """What waits, in order, over restarts. Every change is on the disk when the method returns."""

    def __init__(self, path: Path) -> None:
        """Read the journal, drop a last line that was half written, write anew what still waits."""
        self.waiting: dict[str, str] = {}
        if path.exists():
            for line in path.read_text().splitlines(keepends=True):
                if line.endswith("\n"):
                    self._replay(json.loads(line))
        draft = path.with_suffix(".draft")
        with draft.open("w") as journal:
            journal.writelines(json.dumps(["put", *entry]) + "\n" for entry in self.waiting.items())
            journal.flush()
            os.fsync(journal.fileno())
        draft.replace(path)
        self._journal = path.open("a")

    def put(self, ref: str, payload: str) -> None:
        """Keep a punch."""
        self._write(["put", ref, payload])

    def drop(self, ref: str) -> None:
        """Forget a punch that the core has answered."""
        if ref in self.waiting:
            self._write(["drop", ref])

    def close(self) -> None:
        """Close the journal."""
        self._journal.close()

    def _write(self, line: list[str]) -> None:
        self._journal.write(json.dumps(line) + "\n")
        self._journal.flush()
        os.fsync(self._journal.fileno())
        self._replay(line)

    def _replay(self, line: list[str]) -> None:
        match line:
            case ["put", ref, payload]:
                self.waiting[ref] = payload
            case ["drop", ref]:
                self.waiting.pop(ref, None)
