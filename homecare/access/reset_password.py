"""Gives an account another password from the server: `python -m homecare.access.reset_password --email …`.

For an administrator who lost theirs and has no colleague to give them a link. The password is asked for.
"""

import argparse
import getpass
import sys

import psycopg

from homecare.access.password_links import reset_password
from homecare.kernel.clock import system_now
from homecare.kernel.errors import HomecareError
from homecare.kernel.settings import read_settings


def main(arguments: list[str] | None = None) -> int:
    """Set the password, end the account's sessions. Returns 2 with a sentence when that is refused."""
    parser = argparse.ArgumentParser(prog="python -m homecare.access.reset_password", description=__doc__)
    parser.add_argument("--email", required=True, help="adresse du compte")
    email = parser.parse_args(arguments).email
    password = getpass.getpass("Nouveau mot de passe (12 caractères au moins) : ")
    try:
        with psycopg.connect(read_settings().database_url) as conn:
            reset_password(conn, email, password, now=system_now())
    except HomecareError as refusal:
        print(refusal, file=sys.stderr)
        return 2
    print(f"C’est fait : connectez-vous avec {email}.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
