"""What an agency recorded itself for the telephone to say, in place of a phrase in the standard voice.

A phrase is named by its key in the wording, which only the telephone knows. Each core brings the sounds to
where Asterisk plays them, named after their digest: no file is changed while it plays, or taken for another.
"""

from dataclasses import dataclass
from datetime import datetime

from homecare.kernel import audit, db
from homecare.kernel.errors import NotFoundError
from homecare.kernel.ids import OrganisationId
from homecare.punches.prompt_sound import make_prompt
from homecare.workers.model import Language

_STANDARD = "Cette phrase est dite par la voix standard."


@dataclass(frozen=True, slots=True)
class OwnPrompt:
    """A phrase that the agency says in its own voice, since when, and for how long it speaks."""

    phrase: str
    seconds: float
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class PromptKey:
    """Which recording a phrase of an organisation has: all that a core needs to know without its sound."""

    organisation: OrganisationId
    language: str
    phrase: str
    digest: str


def list_prompts(conn: db.Conn, language: Language) -> dict[str, OwnPrompt]:
    """Return the agency's own phrases of a language, by their key."""
    rows = db.many(
        conn,
        OwnPrompt,
        "SELECT phrase, seconds::float8 AS seconds, recorded_at FROM own_prompts WHERE language = %s",
        (language,),
    )
    return {row.phrase: row for row in rows}


def count_prompts(conn: db.Conn) -> dict[Language, int]:
    """Return how many phrases of each language are the agency's own; a language without any is left out."""
    rows = conn.execute("SELECT language, count(*) FROM own_prompts GROUP BY language").fetchall()
    return {Language(language): count for language, count in rows}


def find_prompt(conn: db.Conn, language: Language, phrase: str) -> bytes | None:
    """Return the WAV file of a phrase, None where the standard voice says it."""
    return db.value(
        conn,
        bytes,
        "SELECT sound FROM own_prompts WHERE language = %s AND phrase = %s",
        (language, phrase),
    )


def replace_prompt(
    conn: db.Conn, actor: audit.Actor, language: Language, phrase: str, content: bytes, *, now: datetime
) -> float:
    """Have a phrase said by what somebody recorded, and return its seconds.

    `content` is the file as it was chosen. Raises `InvalidError` unless it can be played and is heard.
    """
    sound, seconds = make_prompt(content)
    prompt = db.insert(
        conn,
        int,
        """INSERT INTO own_prompts (language, phrase, sound, seconds, recorded_at)
           VALUES (%s, %s, %s, %s, %s)
           ON CONFLICT (organisation_id, language, phrase) DO UPDATE
               SET sound = excluded.sound, seconds = excluded.seconds, recorded_at = excluded.recorded_at
           RETURNING id""",
        (language, phrase, sound, round(seconds, 1), now),
    )
    after = {"language": language, "phrase": phrase, "seconds": round(seconds, 1)}
    audit.record(conn, actor, "punches.replace_prompt", prompt, now=now, after=after)
    _tell_cores(conn)
    return seconds


def restore_standard(
    conn: db.Conn, actor: audit.Actor, language: Language, phrase: str, *, now: datetime
) -> None:
    """Have a phrase said by the standard voice again. Raises `NotFoundError` when it is already."""
    prompt = db.value(
        conn,
        int,
        "DELETE FROM own_prompts WHERE language = %s AND phrase = %s RETURNING id",
        (language, phrase),
    )
    if prompt is None:
        raise NotFoundError(_STANDARD)
    before = {"language": language, "phrase": phrase}
    audit.record(conn, actor, "punches.restore_standard_prompt", prompt, now=now, before=before)
    _tell_cores(conn)


def list_prompt_keys(conn: db.Conn) -> list[PromptKey]:
    """Return which recordings there are, over all organisations: what a core has to have."""
    return db.many(
        conn,
        PromptKey,
        "SELECT organisation_id AS organisation, language, phrase, digest FROM list_own_prompts()",
    )


def read_prompt(conn: db.Conn, key: PromptKey) -> bytes | None:
    """Return the WAV file of a recording of the organisation served, None when it was replaced meanwhile."""
    return db.value(
        conn,
        bytes,
        """SELECT sound FROM own_prompts
           WHERE organisation_id = %s AND language = %s AND phrase = %s
             AND starts_with(encode(digest, 'hex'), %s)""",
        (key.organisation, key.language, key.phrase, key.digest),
    )


def _tell_cores(conn: db.Conn) -> None:
    conn.execute("SELECT pg_notify('prompts', '')")
