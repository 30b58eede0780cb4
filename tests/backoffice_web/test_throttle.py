"""Wrong passwords on the sign-in page: a stranger waits, a browser that its owner knows does not."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from backoffice_web.access import SESSION_COOKIE
from backoffice_web.session.device import DEVICE_COOKIE
from backoffice_web.session.views import too_often
from tests.backoffice_web.agency import Agency, email_of, signed

HOME, STRANGER = "192.0.2.7", "198.51.100.9"


@pytest.fixture
def account(agency: Agency) -> Iterator[tuple[str, str]]:
    """Somebody's address and password; what failed is forgotten after the test, for it is every agency's."""
    yield email_of(agency)
    with agency.database.connect() as conn:
        conn.execute("DELETE FROM sign_in_failures")


def try_to_sign_in(browser: FlaskClient, account: tuple[str, str], *, source: str) -> tuple[int, str]:
    browser.delete_cookie(SESSION_COOKIE)
    email, password = account
    answer = browser.post(
        "/connexion",
        data=signed(browser, "/connexion", email=email, password=password),
        environ_overrides={"REMOTE_ADDR": source},
    )
    return answer.status_code, answer.text


def guess(browser: FlaskClient, email: str, *, source: str, times: int) -> list[int]:
    return [try_to_sign_in(browser, (email, "faux mot de passe"), source=source)[0] for _ in range(times)]


def test_a_guesser_waits_even_with_the_right_password_and_is_told_how_long(
    agency: Agency, account: tuple[str, str]
) -> None:
    guesser = agency.browser()
    assert guess(guesser, account[0], source=STRANGER, times=8) == [422] * 8
    status, page = try_to_sign_in(guesser, account, source=STRANGER)
    assert status == 429
    assert "Trop d’essais. Attendez 10\N{NO-BREAK SPACE}minutes avant de recommencer." in page


def test_a_stranger_does_not_lock_the_owner_out(agency: Agency, account: tuple[str, str]) -> None:
    guess(agency.browser(), account[0], source=STRANGER, times=9)
    assert try_to_sign_in(agency.browser(), account, source=HOME)[0] == 303


def test_a_browser_of_hers_signs_in_while_the_whole_world_guesses(
    agency: Agency, account: tuple[str, str]
) -> None:
    hers = agency.browser()
    assert try_to_sign_in(hers, account, source=HOME)[0] == 303
    for number in range(20):
        guess(agency.browser(), account[0], source=f"203.0.113.{number}", times=1)
    status, page = try_to_sign_in(agency.browser(), account, source=HOME)
    assert status == 429
    assert "Attendez 30\N{NO-BREAK SPACE}secondes" in page
    assert try_to_sign_in(hers, account, source=HOME)[0] == 303


def test_a_browser_is_known_to_those_who_signed_in_on_it_and_to_nobody_else(
    agency: Agency, account: tuple[str, str]
) -> None:
    shared, colleague = agency.browser(), email_of(agency)
    try_to_sign_in(shared, account, source=HOME)
    guess(shared, colleague[0], source=HOME, times=8)
    assert try_to_sign_in(shared, colleague, source=HOME)[0] == 429
    assert try_to_sign_in(shared, account, source=HOME)[0] == 303


def test_the_known_devices_cookie_is_signed_lasts_and_names_nobody(
    agency: Agency, account: tuple[str, str]
) -> None:
    browser = agency.browser()
    try_to_sign_in(browser, account, source=HOME)
    cookie = browser.get_cookie(DEVICE_COOKIE, path="/connexion")
    assert cookie is not None
    assert cookie.http_only
    assert cookie.max_age == 400 * 24 * 3600
    assert account[0] not in cookie.decoded_value
    forger = agency.browser()
    forger.set_cookie(DEVICE_COOKIE, cookie.value[:-2] + "AA", path="/connexion")
    guess(forger, account[0], source=STRANGER, times=8)
    assert try_to_sign_in(forger, account, source=STRANGER)[0] == 429


@pytest.mark.parametrize(
    ("wait", "sentence"),
    [
        (timedelta(milliseconds=10), "Attendez 1\N{NO-BREAK SPACE}seconde avant"),
        (timedelta(seconds=29, milliseconds=1), "Attendez 30\N{NO-BREAK SPACE}secondes avant"),
        (timedelta(seconds=60), "Attendez 1\N{NO-BREAK SPACE}minute avant"),
        (timedelta(minutes=6, seconds=1), "Attendez 7\N{NO-BREAK SPACE}minutes avant"),
    ],
)
def test_the_refusal_says_how_long_to_wait(wait: timedelta, sentence: str) -> None:
    assert sentence in too_often(wait)
