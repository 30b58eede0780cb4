"""The one door to phonenumbers: what people type becomes E.164, or a refusal that says what is wrong."""

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberFormat, ValidationResult

from backoffice_web.forms import TelField, ValidationError
from backoffice_web.i18n import lazy
from homecare.kernel.errors import InvalidError

HOME_COUNTRY = "FR"
# What the ARCEP keeps for fictions (decision 2018-0881): no telephone has them, demonstrations do.
FICTIONS = ("+3319900", "+3326191", "+3335301", "+3346571", "+3353649", "+3363998")

_WRONG_LENGTH = {
    ValidationResult.TOO_SHORT: lazy("Ce numéro est trop court : il manque des chiffres."),
    ValidationResult.TOO_LONG: lazy("Ce numéro est trop long : il a des chiffres en trop."),
    ValidationResult.INVALID_COUNTRY_CODE: lazy("L'indicatif de ce pays n'existe pas."),
}
_NOT_A_NUMBER = lazy("Ce n'est pas un numéro de téléphone : tapez par exemple 05 49 00 12 34.")
_DOES_NOT_EXIST = lazy("Ce numéro n'existe pas : vérifiez les chiffres.")


def to_e164(typed: str) -> str:
    """Return `+33549001234` of `05 49 00 12 34`. Raises `InvalidError` with a sentence for the field."""
    try:
        number = phonenumbers.parse(typed, HOME_COUNTRY)
    except NumberParseException:
        raise InvalidError(str(_NOT_A_NUMBER)) from None
    reason = phonenumbers.is_possible_number_with_reason(number)
    if reason in _WRONG_LENGTH:
        raise InvalidError(str(_WRONG_LENGTH[reason]))
    written = phonenumbers.format_number(number, PhoneNumberFormat.E164)
    if not phonenumbers.is_valid_number(number) and not written.startswith(FICTIONS):
        raise InvalidError(str(_DOES_NOT_EXIST))
    return written


class PhoneNumber:
    """A field's check: a number that exists. What is kept of the field is its E.164 form."""

    def __call__(self, _form: object, field: TelField) -> None:
        """Put the number in its one form, or refuse it with a sentence."""
        if not (field.data or "").strip():
            return
        try:
            field.data = to_e164(field.data)
        except InvalidError as error:
            raise ValidationError(str(error)) from error
