"""What an agency says in its own voice: its own alone, replaced and taken back, and who did so is noted."""

import hashlib

import psycopg
import pytest

from homecare.kernel import db
from homecare.kernel.errors import InvalidError, NotFoundError
from homecare.kernel.ids import OrganisationId
from homecare.punches.own_prompts import (
    PromptKey,
    count_prompts,
    find_prompt,
    list_prompt_keys,
    list_prompts,
    read_prompt,
    replace_prompt,
    restore_standard,
)
from homecare.punches.prompt_sound import make_prompt
from homecare.workers.model import Language
from tests.builders import ACTOR, MORNING, actor_of, make_user
from tests.database import Database
from tests.recordings import recording

FRENCH, ARABIC = Language.FRENCH, Language.ARABIC


def keys_of(conn: db.Conn, organisation: OrganisationId) -> list[PromptKey]:
    """Return the recordings of one organisation: the core is told of everybody's."""
    return [key for key in list_prompt_keys(conn) if key.organisation == organisation]


def test_a_phrase_is_replaced_again_under_another_name_and_taken_back(
    conn: db.Conn, organisation: OrganisationId
) -> None:
    assert find_prompt(conn, FRENCH, "code") is None
    actor, first, second = actor_of(make_user(conn)), recording(), recording(seconds=2.0)
    assert replace_prompt(conn, actor, FRENCH, "code", first, now=MORNING) == pytest.approx(1.2, abs=0.15)
    (before,) = keys_of(conn, organisation)
    sound, _ = make_prompt(first)
    assert before == PromptKey(organisation, "fr", "code", hashlib.sha256(sound).hexdigest()[:32])
    assert read_prompt(conn, before) == find_prompt(conn, FRENCH, "code") == sound
    replace_prompt(conn, actor, FRENCH, "code", second, now=MORNING)
    (after,) = keys_of(conn, organisation)
    assert after.digest != before.digest
    assert read_prompt(conn, before) is None
    assert list_prompts(conn, FRENCH)["code"].seconds == pytest.approx(2.0, abs=0.15)
    assert count_prompts(conn) == {FRENCH: 1}
    restore_standard(conn, actor, FRENCH, "code", now=MORNING)
    assert list_prompts(conn, FRENCH) == {}
    assert keys_of(conn, organisation) == []
    with pytest.raises(NotFoundError, match="voix standard"):
        restore_standard(conn, actor, FRENCH, "code", now=MORNING)
    trail = conn.execute(
        """SELECT actor, action, coalesce(after, before) - 'seconds' FROM audit_events
           WHERE action LIKE 'punches.%%prompt' ORDER BY id"""
    ).fetchall()
    of = {"language": "fr", "phrase": "code"}
    assert trail == [
        (str(actor), "punches.replace_prompt", of),
        (str(actor), "punches.replace_prompt", of),
        (str(actor), "punches.restore_standard_prompt", of),
    ]


def test_a_language_has_its_own_recordings(conn: db.Conn) -> None:
    for language in (FRENCH, ARABIC):
        replace_prompt(conn, ACTOR, language, "thanks", recording(), now=MORNING)
    restore_standard(conn, ACTOR, FRENCH, "thanks", now=MORNING)
    assert count_prompts(conn) == {ARABIC: 1}
    assert list(list_prompts(conn, ARABIC)) == ["thanks"]


def test_what_is_no_recording_leaves_the_one_that_stands(conn: db.Conn) -> None:
    replace_prompt(conn, ACTOR, FRENCH, "code", recording(), now=MORNING)
    stands = list_prompt_keys(conn)
    with pytest.raises(InvalidError):
        replace_prompt(conn, ACTOR, FRENCH, "code", b"MZ\x90", now=MORNING)
    assert list_prompt_keys(conn) == stands


@pytest.mark.parametrize("phrase", ["../code", "code.wav", "", "Code", "a/b"])
def test_the_database_takes_no_key_that_could_be_a_path(conn: db.Conn, phrase: str) -> None:
    with pytest.raises(psycopg.errors.CheckViolation):
        replace_prompt(conn, ACTOR, FRENCH, phrase, recording(), now=MORNING)


def test_another_organisation_hears_nothing_of_it_and_a_core_knows_of_both(database: Database) -> None:
    organisations = [database.create_organisation(name) for name in ("Maison des Aidants", "Autre réseau")]
    for organisation in organisations:
        with database.connect(organisation) as conn:
            assert find_prompt(conn, FRENCH, "code") is None
            replace_prompt(conn, ACTOR, FRENCH, "code", recording(), now=MORNING)
    with database.connect() as conn:
        keys = list_prompt_keys(conn)
    assert [key.organisation for key in keys] == organisations
    with database.connect(organisations[0]) as conn:
        assert [read_prompt(conn, key) is None for key in keys] == [False, True]
