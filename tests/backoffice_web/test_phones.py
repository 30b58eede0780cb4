"""Telephone numbers as people type them, and what is wrong with those that are none."""

import pytest
from flask import Flask

from backoffice_web.app import BackOffice
from backoffice_web.phones import to_e164
from homecare.kernel.errors import InvalidError


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("05 49 00 12 34", "+33549001234"),
        ("05.49.00.12.34", "+33549001234"),
        ("+33 5 49 00 12 34", "+33549001234"),
        ("0033549001234", "+33549001234"),
        ("+32 2 555 12 12", "+3225551212"),
        ("06 39 98 00 12", "+33639980012"),
    ],
)
def test_a_number_has_one_form(typed: str, kept: str) -> None:
    assert to_e164(typed) == kept


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("05 49 00 12", "trop court"),
        ("05 49 00 12 34 56", "trop long"),
        ("bonjour", "pas un numéro"),
        ("+999 123 456", "pas un numéro"),
        ("00 00 00 00 00", "vérifiez"),
    ],
)
def test_what_is_wrong_is_said(app_without_database: BackOffice, typed: str, told: str) -> None:
    assert isinstance(app_without_database, Flask)
    with app_without_database.test_request_context(), pytest.raises(InvalidError, match=told):
        to_e164(typed)
