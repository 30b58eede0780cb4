"""Brings what agencies recorded themselves from the database to where Asterisk plays it.

A file is `own/<organisation>/<language>/<phrase>-<digest>.wav` under the prompts folder: every part is ours,
none comes from whoever sent the sound, and what another database left there is never taken for its own. What
a call is told comes from memory and one look at the disk. Each core brings what it lacks, also after the
folder was lost; while the database is away, what lies there is played.
"""

import re
from collections.abc import Iterable
from pathlib import Path
from typing import override

import structlog
from twisted.internet.defer import Deferred, DeferredLock
from twisted.internet.interfaces import IReactorTime
from twisted.internet.threads import deferToThread

from homecare.kernel import db
from homecare.kernel.ids import OrganisationId
from homecare.punches.own_prompts import PromptKey, list_prompt_keys, read_prompt
from homecare.workers.model import Language
from realtime.db import Database, DatabaseAwayError
from realtime.looking import LookingService
from telephony.prompts import replace_file
from telephony.speech import Phrase

BETWEEN_LOOKS_SECONDS = 10.0
LINGERING_SECONDS = 300.0
"""A file that is wanted no more stays so long: a call may be about to play it, another core may know more."""
_FOLDER = "own"
_NAME = re.compile(r"(?P<phrase>[a-z_]{1,40})-(?P<digest>[0-9a-f]{32})\.wav")
_HEADER_BYTES = 44  # a WAV file that is no longer than this holds no sound

log = structlog.get_logger()


class OwnPrompts(LookingService):
    """Looks for what is missing every ten seconds, and when told."""

    name = "own prompts"

    def __init__(self, folder: Path, *, database: Database, reactor: IReactorTime) -> None:
        """`folder` is the prompts folder as this program sees it."""
        super().__init__(between_looks=BETWEEN_LOOKS_SECONDS, reactor=reactor)
        self._folder = folder
        self._database = database
        self._reactor = reactor
        self._one_at_a_time = DeferredLock()
        self._unwanted: dict[Path, float] = {}
        self._known = _by_phrase(_list_files(folder))

    def find(self, organisation: OrganisationId, language: Language, phrase: Phrase) -> str | None:
        """Return the name that Asterisk plays, relative to the folder, without suffix; None: the standard.

        A file that is lost is the standard voice until it is back.
        """
        key = self._known.get((organisation, language.value, phrase.value))
        return None if key is None or not _is_there(self._folder, key) else _name(key)

    def look_anew(self) -> None:
        """Look now: something was recorded, or taken back."""
        if self.running:
            self._look_once()

    @override
    async def look(self) -> None:
        """Bring what is missing, remove what nobody has wanted for a while."""
        await self._one_at_a_time.run(lambda: Deferred.fromCoroutine(self._look()))

    async def _look(self) -> None:
        wanted = await self._database.run(list_prompt_keys)
        for key in await deferToThread(_list_missing, self._folder, wanted):
            try:
                await self._bring(key)
            except DatabaseAwayError:
                raise
            except Exception:  # this phrase is said by the standard voice, and brought again
                log.exception("own_prompt.not_brought", prompt=_name(key))
        self._known = _by_phrase(wanted)
        await deferToThread(self.sweep, wanted, now=self._reactor.seconds())

    async def _bring(self, key: PromptKey) -> None:
        def work(conn: db.Conn) -> bytes | None:
            return read_prompt(conn, key)

        sound = await self._database.run(work, key.organisation)
        if sound is not None:
            await deferToThread(replace_file, _path(self._folder, key), sound)

    def sweep(self, wanted: Iterable[PromptKey], *, now: float) -> None:
        """Remove the files that nobody has wanted for long. `now` in seconds, from any beginning."""
        keys = set(wanted)
        stale = {_path(self._folder, key) for key in _list_files(self._folder) if key not in keys}
        self._unwanted = {path: self._unwanted.get(path, now) for path in stale}
        for path, since in self._unwanted.items():
            if now - since >= LINGERING_SECONDS:
                path.unlink(missing_ok=True)


def _by_phrase(keys: Iterable[PromptKey]) -> dict[tuple[OrganisationId, str, str], PromptKey]:
    """Return the last recording of each phrase."""
    return {(key.organisation, key.language, key.phrase): key for key in keys}


def _name(key: PromptKey) -> str:
    return f"{_FOLDER}/{key.organisation}/{key.language}/{key.phrase}-{key.digest}"


def _path(folder: Path, key: PromptKey) -> Path:
    return folder / f"{_name(key)}.wav"


def _is_there(folder: Path, key: PromptKey) -> bool:
    try:
        return _path(folder, key).stat().st_size > _HEADER_BYTES
    except OSError:
        return False


def _list_missing(folder: Path, wanted: Iterable[PromptKey]) -> list[PromptKey]:
    return [key for key in wanted if not _is_there(folder, key)]


def _list_files(folder: Path) -> list[PromptKey]:
    """Return what lies in the folder, the newest last."""
    found = []
    for path in sorted((folder / _FOLDER).glob("*/*/*.wav"), key=_changed_at):
        organisation, language, file = path.parts[-3:]
        named = _NAME.fullmatch(file)
        if named is not None and organisation.isascii() and organisation.isdecimal():
            found.append(
                PromptKey(OrganisationId(int(organisation)), language, named["phrase"], named["digest"])
            )
    return found


def _changed_at(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:  # gone since it was listed
        return 0.0
