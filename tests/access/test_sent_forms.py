"""A form that was sent twice is taken once, also when both sendings arrive in the same instant."""

import threading
from datetime import timedelta

import pytest

from homecare.access.sent_forms import KEPT, take_once
from homecare.clients.queries import list_traits
from homecare.kernel import db
from homecare.kernel.errors import InvalidError
from tests.builders import MORNING
from tests.database import Database

FORM, OTHER = b"a form", b"another form"


def note(conn: db.Conn, name: str) -> str:
    conn.execute("INSERT INTO traits (name) VALUES (%s)", (name,))
    return f"/{name}"


def test_of_two_sendings_at_once_the_second_waits_and_lands_where_the_first_did(
    shared_database: Database,
) -> None:
    organisation, places = shared_database.create_organisation(), []
    has_begun = threading.Event()

    def send_again() -> None:
        with shared_database.connect(organisation) as conn:
            has_begun.set()
            places.append(take_once(conn, FORM, lambda: note(conn, "chat"), now=MORNING))

    second = threading.Thread(target=send_again)
    with shared_database.connect(organisation) as conn:
        first = take_once(conn, FORM, lambda: note(conn, "chien"), now=MORNING)
        second.start()
        has_begun.wait(10)
        second.join(0.2)
        assert second.is_alive()
    second.join(10)
    assert first == ("/chien", True)
    assert places == [("/chien", False)]
    with shared_database.connect(organisation) as conn:
        assert list_traits(conn) == ["chien"]


def test_what_is_refused_leaves_nothing_behind_and_may_be_sent_again(
    shared_database: Database,
) -> None:
    def refuse() -> str:
        note(conn, "chien")
        raise InvalidError("non")

    with shared_database.connect(shared_database.create_organisation()) as conn:
        with pytest.raises(InvalidError):
            take_once(conn, FORM, refuse, now=MORNING)
        assert list_traits(conn) == []
        assert take_once(conn, FORM, lambda: note(conn, "chat"), now=MORNING) == ("/chat", True)


def test_another_form_and_another_organisation_are_not_this_one(shared_database: Database) -> None:
    for _ in range(2):
        with shared_database.connect(shared_database.create_organisation()) as conn:
            assert take_once(conn, FORM, lambda: note(conn, "chien"), now=MORNING)[1]
            assert take_once(conn, OTHER, lambda: note(conn, "chat"), now=MORNING)[1]


def test_a_form_is_forgotten_after_a_week(shared_database: Database) -> None:
    with shared_database.connect(shared_database.create_organisation()) as conn:
        take_once(conn, FORM, lambda: "/here", now=MORNING)
        assert take_once(conn, FORM, lambda: "/there", now=MORNING + KEPT) == ("/here", False)
        later = MORNING + KEPT + timedelta(seconds=1)
        assert take_once(conn, FORM, lambda: "/there", now=later) == ("/there", True)
