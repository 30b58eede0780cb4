"""Tells Asterisk's dialplan which numbers only ring: one empty file each, in the folder that both see.

So the dialplan knows it without a core, and no call to any other number costs a question. Whether a call to
such a number is rung back is looked up anew when it comes.
"""

from pathlib import Path

import structlog
from twisted.python.failure import Failure

from homecare.access.queries import list_ringing_lines
from homecare.kernel import db
from realtime.db import Database, DatabaseAwayError
from telephony.ring import spellings

SUFFIX = ".rings"

log = structlog.get_logger(__name__)


class RingingLines:
    """The files of the numbers that only ring."""

    def __init__(self, database: Database, folder: Path) -> None:
        """`folder` is that of kept calls, as this program sees it."""
        self._database = database
        self._folder = folder

    def learn(self) -> None:
        """Have the files say what the database says. The database away, they stay as they are."""
        self._database.run(self._write).addErrback(_log_failure)

    def _write(self, conn: db.Conn) -> None:
        if not self._folder.is_dir():
            return  # no Asterisk of ours on this machine
        wanted = {f"{digits}{SUFFIX}" for number in list_ringing_lines(conn) for digits in spellings(number)}
        there = {path.name for path in self._folder.glob(f"*{SUFFIX}")}
        for name in wanted - there:
            (self._folder / name).touch()
        for name in there - wanted:
            (self._folder / name).unlink(missing_ok=True)


def _log_failure(failure: Failure) -> None:
    if failure.check(DatabaseAwayError) is None:
        log.error("ringing_lines.failed", error=failure.getErrorMessage())
