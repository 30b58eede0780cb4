"""Opening an installation from the command line."""

import getpass

import pytest

from homecare.access import reset_password
from homecare.access.__main__ import main
from homecare.access.operations import WrongCredentialsError, sign_in
from homecare.access.throttle import Attempt
from homecare.kernel.clock import system_now
from tests.builders import PASSWORD
from tests.database import Database

WORDS = [
    "--organisation",
    "Réseau",
    "--company",
    "Les Aidants",
    "--email",
    "a@exemple.fr",
    "--name",
    "MOREL Claire",
]


@pytest.fixture
def empty(database: Database, monkeypatch: pytest.MonkeyPatch) -> Database:
    """An empty database that the settings name, and somebody who types a password."""
    monkeypatch.setenv("PONCTUEL_DATABASE_URL", database.app)
    monkeypatch.setenv("PONCTUEL_OWNER_DATABASE_URL", database.owner)
    monkeypatch.setenv("PONCTUEL_CODE_KEY", "a key that is used by tests alone")
    monkeypatch.setenv("PONCTUEL_SESSION_KEY", "a key that is used by tests alone")
    monkeypatch.setattr(getpass, "getpass", lambda _: PASSWORD)
    return database


def test_the_first_administrator_signs_in(empty: Database) -> None:
    assert main([*WORDS, "--siret", "732 829 320 00074"]) == 0
    with empty.connect() as conn:
        now = system_now()
        assert sign_in(conn, Attempt("a@exemple.fr", "192.0.2.7", at=now), PASSWORD, now=now)


def test_a_wrong_siret_is_refused_and_leaves_nothing(
    empty: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*WORDS, "--siret", "73282932000075"]) == 2
    assert "SIRET" in capsys.readouterr().err
    with empty.connect() as conn:
        assert conn.execute("SELECT list_organisations()").fetchall() == []


def test_whoever_holds_the_server_gives_the_only_administrator_another_password(
    empty: Database, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*WORDS, "--siret", "732 829 320 00074"]) == 0
    monkeypatch.setattr(getpass, "getpass", lambda _: "quatre chats sur un toit")
    assert reset_password.main(["--email", "A@exemple.fr"]) == 0
    now = system_now()
    with empty.connect() as conn:
        attempt = Attempt("a@exemple.fr", "192.0.2.7", at=now)
        assert sign_in(conn, attempt, "quatre chats sur un toit", now=now)
        with pytest.raises(WrongCredentialsError):
            sign_in(conn, attempt, PASSWORD, now=now)
    assert reset_password.main(["--email", "personne@exemple.fr"]) == 2
    assert "Aucun compte" in capsys.readouterr().err
    monkeypatch.setattr(getpass, "getpass", lambda _: "court")
    assert reset_password.main(["--email", "a@exemple.fr"]) == 2
    assert "au moins 12" in capsys.readouterr().err
