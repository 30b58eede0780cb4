"""Official numbers of people and companies that do not exist: right check digits, and nobody's number."""

from datetime import date
from random import Random

from schwifty import IBAN
from stdnum import luhn
from stdnum.fr import nir

# Numbers that the French regulator keeps for fiction (ARCEP, decision 2018-0881): 10,000 of each.
_HOME_PREFIX, _MOBILE_PREFIX = "+3353649", "+3363998"
_OF_FICTION = 10_000


def make_nir(random: Random, *, woman: bool, born_on: date) -> str:
    """Return a NIR (15 digits with its key) of somebody born in a country whose code was never given."""
    body = f"{2 if woman else 1}{born_on:%y%m}99999{random.randint(1, 999):03}"
    return body + nir.calc_check_digits(body)


def make_siret(random: Random) -> str:
    """Return a SIRET whose SIREN is below all those that were ever given."""
    siren = f"0001{random.randrange(10_000):04}"
    siren += luhn.calc_check_digit(siren)
    siret = f"{siren}0001"
    return siret + luhn.calc_check_digit(siret)


def make_iban(random: Random) -> str:
    """Return a French IBAN with its RIB key, at a bank that does not exist."""
    return str(
        IBAN.generate(
            "FR", bank_code="99999", branch_code="00001", account_code=f"{random.randrange(10**11):011}"
        )
    )


def draw_home_numbers(random: Random, count: int) -> list[str]:
    """Return that many different numbers of home telephones (E.164)."""
    return [f"{_HOME_PREFIX}{number:04}" for number in random.sample(range(100, _OF_FICTION), count)]


def draw_mobile_numbers(random: Random, count: int) -> list[str]:
    """Return that many different numbers of mobile telephones (E.164)."""
    return [f"{_MOBILE_PREFIX}{number:04}" for number in random.sample(range(_OF_FICTION), count)]


def called_number(rank: int) -> str:
    """Return a number that workers call, of the few that no home has."""
    return f"{_HOME_PREFIX}{rank:04}"
