"""What people type is kept in one form, and what cannot be seen is not kept."""

import pytest

from homecare.kernel.errors import InvalidError
from homecare.kernel.text import clean_line, clean_notes, clean_postal_code, plain, require_line


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Anne \N{NO-BREAK SPACE} Marie ", "Anne Marie"),
        ("Benoi\N{COMBINING CIRCUMFLEX ACCENT}t", "Benoît"),
        ("\N{ZERO WIDTH NO-BREAK SPACE}Odile\N{SOFT HYPHEN}\N{ZERO WIDTH SPACE}", "Odile"),
        ("\N{RIGHT-TO-LEFT OVERRIDE}Odile", "Odile"),
        ("می\N{ZERO WIDTH NON-JOINER}خواهم", "می\N{ZERO WIDTH NON-JOINER}خواهم"),
        ("N’Guyen-d’Arc", "N’Guyen-d’Arc"),
    ],
)
def test_a_line_is_kept_in_one_form(typed: str, kept: str) -> None:
    assert clean_line(typed) == kept


@pytest.mark.parametrize("sign", ["\0", "\x07", "\x1b", "\x7f", "\x85", "\n", "\t", "\N{LINE SEPARATOR}"])
def test_a_control_character_is_refused_in_a_line(sign: str) -> None:
    with pytest.raises(InvalidError, match="caractère invisible"):
        clean_line(f"Odi{sign}le")


def test_notes_keep_their_lines_and_refuse_other_control_characters() -> None:
    assert clean_notes("  Clé\tsous le pot \r\n\r\nChien \n") == "Clé sous le pot\n\nChien"
    with pytest.raises(InvalidError):
        clean_notes("Clé\x1b[31m")


@pytest.mark.parametrize("typed", ["", "   ", "\N{NO-BREAK SPACE}", "\N{ZERO WIDTH SPACE}", "–", "…"])
def test_what_has_neither_letter_nor_digit_is_missing(typed: str) -> None:
    with pytest.raises(InvalidError, match="Saisissez le prénom"):
        require_line(typed, missing="Saisissez le prénom.")


@pytest.mark.parametrize(
    "typed", ["9910", "991000", "9910A", "٩٩١٠٠", "９９１００", "99 100", "99100\n", "-9910"]
)
def test_a_postal_code_is_five_ascii_digits(typed: str) -> None:
    with pytest.raises(InvalidError):
        clean_postal_code(typed)


def test_a_postal_code_may_be_unknown() -> None:
    assert (clean_postal_code(" 99100 "), clean_postal_code("")) == ("99100", "")


def test_spelling_does_not_matter() -> None:
    assert plain("  12 RUE de l’Œuvre, Évêché ") == "12 rue de l oeuvre eveche"
