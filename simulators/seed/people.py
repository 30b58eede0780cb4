"""Names of people who do not exist, each once."""

import unicodedata
from dataclasses import dataclass
from random import Random

from faker import Faker

DOMAIN = "ponctuel.example"


@dataclass(frozen=True, slots=True)
class Person:
    """A name, as it is written."""

    woman: bool
    last_name: str
    first_name: str

    @property
    def civility(self) -> str:
        """« Mme » or « M. »."""
        return "Mme" if self.woman else "M."

    @property
    def email(self) -> str:
        """An address that no mail will ever reach (RFC 2606)."""
        return f"{_plain(self.first_name)}.{_plain(self.last_name)}@{DOMAIN}"


class People:
    """Draws people with French names."""

    def __init__(self, random: Random) -> None:
        """Draw from `random` alone."""
        self._random = random
        self._faker = Faker("fr_FR")
        self._faker.seed_instance(random.getrandbits(32))
        self._met: set[str] = set()

    def draw(self, *, women: float) -> Person:
        """Return somebody whom nobody else is called like; a woman in that share of cases."""
        woman = self._random.random() < women
        while True:
            first = self._faker.first_name_female() if woman else self._faker.first_name_male()
            person = Person(woman, self._faker.last_name(), first)
            if person.email not in self._met:
                self._met.add(person.email)
                return person


def _plain(name: str) -> str:
    letters = unicodedata.normalize("NFKD", name.lower().replace(" ", "-"))
    return "".join(letter for letter in letters if letter.isascii() and (letter.isalpha() or letter == "-"))
