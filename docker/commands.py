"""Command lines that refuse what they do not understand in one French sentence, with exit status 2.

`argparse` says it in English, under its whole usage; what it says is put in French here, word for word.
Standard library alone: some commands run before the project's environment exists.
"""

import argparse
import errno
import ipaddress
import re
import sys
from collections.abc import Callable
from typing import NoReturn

_SAID = (
    (r"the following arguments are required: (.+)", "il manque {0}"),
    (r"one of the arguments (.+) is required", "il faut l’un de ceux-ci : {0}"),
    (r"unrecognized arguments: (.+)", "argument inconnu : {0}"),
    (r"ambiguous option: (.+) could match (.+)", "{0} peut vouloir dire {1}"),
    (r"argument (.+?): not allowed with argument (.+)", "{0} ne va pas avec {1}"),
    (r"argument (.+?): expected (?:one|at least one|\d+) arguments?", "{0} attend une valeur"),
    (r"argument (.+?): ignored explicit argument (.+)", "{0} ne prend pas de valeur"),
    (r"argument (.+?): invalid choice: (.+?) \(choose from (.+)\)", "{0} : {1} n’existe pas ; il y a {2}"),
    (r"argument (.+?): invalid int value: (.+)", "{0} : {1} n’est pas un nombre entier"),
    (r"argument (.+?): invalid float value: (.+)", "{0} : {1} n’est pas un nombre"),
    (r"argument (.+?): invalid fromisoformat value: (.+)", "{0} : {1} n’est pas une date ou une heure"),
    (r"argument (.+?): invalid \S+ value: (.+)", "{0} : {1} ne convient pas"),
    (r"argument (.+?): (.+)", "{0} : {1}"),
)
_TROUBLES = {
    errno.ENOENT: "n’existe pas",
    errno.EACCES: "n’est pas accessible avec ce compte",
    errno.EPERM: "n’est pas accessible avec ce compte",
    errno.EROFS: "est en lecture seule",
    errno.ENOTDIR: "n’est pas dans un dossier",
    errno.EISDIR: "est un dossier, pas un fichier",
    errno.ENOSPC: "ne tient plus sur le disque",
}
_HOST = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?")
_LAST_PORT = 65_535
_FASTEST = 120


class Arguments(argparse.ArgumentParser):
    """An `ArgumentParser` whose refusals are French sentences."""

    def error(self, message: str) -> NoReturn:
        """Say what is wrong and where help is; exit with status 2."""
        print(f"{self.prog} : {in_french(message)}. « --help » dit ce qui est possible.", file=sys.stderr)
        sys.exit(2)


def in_french(message: str) -> str:
    """Return argparse's message in French; one that it does not know is left as it is."""
    for pattern, sentence in _SAID:
        if said := re.fullmatch(pattern, message, re.DOTALL):
            return sentence.format(*said.groups())
    return message


def in_words(trouble: OSError) -> str:
    """Return what the machine refused as a French sentence, where it is about a file; else as it is."""
    what = _TROUBLES.get(trouble.errno or 0)
    return str(trouble) if what is None or trouble.filename is None else f"{trouble.filename} {what}."


def port(text: str) -> int:
    """Read the number of a port."""
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= _LAST_PORT):
        raise argparse.ArgumentTypeError(f"« {text} » n’est pas un port (de 1 à {_LAST_PORT})")
    return int(text)


def host(text: str) -> str:
    """Read a host's name or address."""
    try:
        return str(ipaddress.ip_address(text))
    except ValueError:
        if _HOST.fullmatch(text):
            return text
    raise argparse.ArgumentTypeError(f"« {text} » n’est ni un nom de machine ni une adresse")


def host_or_none(text: str) -> str:
    """Read a host's name or IPv4 address, empty where the option stands alone: the parser reads that too."""
    if ":" in text:
        raise argparse.ArgumentTypeError(f"« {text} » n’est ni un nom de machine ni une adresse IPv4")
    return host(text) if text else ""


def host_and_port(text: str) -> tuple[str, int]:
    """Read `HOST:PORT`."""
    name, colon, number = text.rpartition(":")
    if not colon:
        raise argparse.ArgumentTypeError(f"« {text} » n’est pas de la forme 127.0.0.1:5060")
    return host(name), port(number)


def between(low: int, high: int) -> Callable[[str], int]:
    """Return what reads a whole number within these bounds, included."""

    def read(text: str) -> int:
        if not (text.isascii() and text.isdigit() and low <= int(text) <= high):
            raise argparse.ArgumentTypeError(f"« {text} » n’est pas un nombre entier de {low} à {high}")
        return int(text)

    return read


def speed(text: str) -> float:
    """Read how many shown seconds pass in a real one: 1 to 120."""
    try:
        number = float(text)
    except ValueError:
        number = 0.0
    if not 1 <= number <= _FASTEST:
        raise argparse.ArgumentTypeError(f"« {text} » n’est pas une vitesse (de 1 à {_FASTEST})")
    return number
