"""Guessing is slowed; an account's owner is not locked out by a stranger."""

from datetime import datetime, timedelta

import pytest

from homecare.access.throttle import (
    Attempt,
    TooManyFailuresError,
    network_of,
    note_failure,
    refuse_guessing,
)
from homecare.kernel import db
from tests.builders import MORNING

OWNER = "claire.morel@exemple.fr"
HOME, STRANGER = "192.0.2.7", "198.51.100.9"


def fail(
    conn: db.Conn,
    times: int,
    *,
    email: str = OWNER,
    source: str = STRANGER,
    at: datetime = MORNING,
    device: str | None = None,
) -> None:
    for _ in range(times):
        note_failure(conn, Attempt(email, source, at=at, device=device))


def fail_from_everywhere(conn: db.Conn, times: int, *, at: datetime = MORNING) -> None:
    for number in range(times):
        fail(conn, 1, source=f"203.0.113.{number}", at=at)


def waits(conn: db.Conn, attempt: Attempt) -> timedelta:
    try:
        refuse_guessing(conn, attempt)
    except TooManyFailuresError as refusal:
        return refusal.wait
    return timedelta()


def test_eight_failures_make_one_guesser_wait_and_the_wait_ends_by_itself(conn: db.Conn) -> None:
    fail(conn, 7)
    assert not waits(conn, Attempt(OWNER, STRANGER, at=MORNING))
    fail(conn, 1)
    assert waits(conn, Attempt(OWNER, STRANGER, at=MORNING)) == timedelta(minutes=10)
    assert not waits(conn, Attempt(OWNER, STRANGER, at=MORNING + timedelta(minutes=10)))


def test_the_owner_elsewhere_is_not_locked_out_by_a_stranger(conn: db.Conn) -> None:
    fail(conn, 8)
    assert not waits(conn, Attempt(OWNER, HOME, at=MORNING))


def test_an_address_is_the_same_in_capitals_and_with_blanks_around(conn: db.Conn) -> None:
    fail(conn, 8, email=f" {OWNER.upper()} ")
    assert waits(conn, Attempt(OWNER, STRANGER, at=MORNING))


def test_one_network_cannot_try_a_few_passwords_on_everybody(conn: db.Conn) -> None:
    for number in range(60):
        fail(conn, 1, email=f"personne{number}@exemple.fr")
    assert waits(conn, Attempt("encore@exemple.fr", STRANGER, at=MORNING)) == timedelta(hours=1)
    assert not waits(conn, Attempt("encore@exemple.fr", HOME, at=MORNING))


def test_guessing_from_everywhere_is_slowed_to_a_try_every_thirty_seconds(conn: db.Conn) -> None:
    fail_from_everywhere(conn, 20)
    assert waits(conn, Attempt(OWNER, HOME, at=MORNING)) == timedelta(seconds=30)
    assert not waits(conn, Attempt(OWNER, HOME, at=MORNING + timedelta(seconds=30)))


def test_a_known_device_waits_for_nobody_else(conn: db.Conn) -> None:
    fail_from_everywhere(conn, 60)
    for number in range(60):
        fail(conn, 1, email=f"personne{number}@exemple.fr", source=HOME)
    fail(conn, 8, source=HOME)
    assert waits(conn, Attempt(OWNER, HOME, at=MORNING)) == timedelta(hours=1)
    assert not waits(conn, Attempt(OWNER, HOME, at=MORNING, device="hers"))


def test_a_stolen_device_is_worth_eight_guesses(conn: db.Conn) -> None:
    fail(conn, 8, device="stolen")
    assert waits(conn, Attempt(OWNER, STRANGER, at=MORNING, device="stolen"))
    assert not waits(conn, Attempt(OWNER, HOME, at=MORNING, device="hers"))
    assert not waits(conn, Attempt(OWNER, HOME, at=MORNING))


@pytest.mark.parametrize(
    ("source", "network"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"),
        ("", ""),
    ],
)
def test_a_network_is_what_one_guesser_commands(source: str, network: str) -> None:
    assert network_of(source) == network


def test_failures_are_forgotten_after_an_hour(conn: db.Conn) -> None:
    fail(conn, 8)
    fail(conn, 1, email="autre@exemple.fr", at=MORNING + timedelta(hours=1, seconds=1))
    assert db.value(conn, int, "SELECT count(DISTINCT at) FROM sign_in_failures") == 1
