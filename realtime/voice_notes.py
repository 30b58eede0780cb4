"""Brings what callers recorded from Asterisk's folder into the database, beside its task.

A file is removed only once it is committed. Each core looks; a note that both bring is kept once.
"""

import re
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import override

import structlog
from twisted.internet.interfaces import IReactorTime
from twisted.internet.threads import deferToThread

from homecare.kernel import db
from homecare.kernel.ids import OrganisationId
from homecare.punches.voice_notes import NoteFile, has_task, keep_note
from realtime.db import Database, DatabaseAwayError
from realtime.looking import LookingService

BETWEEN_LOOKS_SECONDS = 2.0
SETTLED_SECONDS = 2.0
"""After its last change a file is whole: Asterisk writes as the caller speaks."""
ORPHANED_SECONDS = 120.0
"""After this long the call will leave no task any more."""
_NAME = re.compile(r"note-(?P<organisation>[0-9]{1,18})-(?P<call>[A-Za-z0-9._-]{1,128})-[0-9]+\.wav")

log = structlog.get_logger()


class VoiceNotes(LookingService):
    """Looks into Asterisk's folder every two seconds."""

    name = "voice notes"

    def __init__(
        self,
        folder: Path,
        *,
        database: Database,
        clock_at: Callable[[datetime], datetime],
        reactor: IReactorTime,
    ) -> None:
        """`clock_at` gives the agency's instant of a real one."""
        super().__init__(between_looks=BETWEEN_LOOKS_SECONDS, reactor=reactor)
        self._folder = folder
        self._database = database
        self._clock_at = clock_at

    @override
    async def look(self) -> None:
        """Bring each note whose file is whole."""
        for path, named in await deferToThread(_list, self._folder):
            try:
                await self._bring(path, named)
            except DatabaseAwayError:
                return
            except Exception:  # the file stays, and is taken again
                log.exception("voice_note.not_kept", file=path.name)

    async def _bring(self, path: Path, named: re.Match[str]) -> None:
        found = await deferToThread(_read, path)
        if found is None:
            return
        changed, sound = found
        organisation = OrganisationId(int(named["organisation"]))
        note = NoteFile(path.name, named["call"], self._clock_at(datetime.fromtimestamp(changed, UTC)))
        is_orphan = time.time() - changed >= ORPHANED_SECONDS

        def work(conn: db.Conn) -> bool:
            if not is_orphan and not has_task(conn, note.name):
                return False
            keep_note(conn, organisation, note, sound)
            return True

        if await self._database.run(work, organisation):
            await deferToThread(path.unlink, missing_ok=True)


def _list(folder: Path) -> list[tuple[Path, re.Match[str]]]:
    names = ((path, _NAME.fullmatch(path.name)) for path in sorted(folder.glob("note-*.wav")))
    return [(path, named) for path, named in names if named is not None]


def _read(path: Path) -> tuple[float, bytes] | None:
    """Return when a file was changed last, and its content; None while it grows, or once a core took it."""
    try:
        changed = path.stat().st_mtime
        return (changed, path.read_bytes()) if time.time() - changed >= SETTLED_SECONDS else None
    except FileNotFoundError:
        return None
