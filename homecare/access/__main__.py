"""Opens an installation: `python -m homecare.access --organisation "…" --company "…" --siret … …`.

Creates the organisation, its first company and area, and an administrator whose password is asked for. Run by
whoever installs, with the schema owner's address in the settings.
"""

import argparse
import getpass
import sys

import psycopg
from stdnum.exceptions import ValidationError
from stdnum.fr import siret as siret_numbers

from homecare.access.model import Role
from homecare.access.operations import create_area, create_company, create_organisation, create_user
from homecare.kernel.audit import BySystem
from homecare.kernel.clock import system_now
from homecare.kernel.errors import HomecareError
from homecare.kernel.settings import read_settings


def main(arguments: list[str] | None = None) -> int:
    """Create what an installation begins with. Returns 2 with a sentence when something is refused."""
    parser = argparse.ArgumentParser(prog="python -m homecare.access", description=__doc__)
    parser.add_argument("--organisation", required=True, help="nom du réseau ou de l’agence")
    parser.add_argument("--company", required=True, help="raison sociale")
    parser.add_argument("--siret", required=True)
    parser.add_argument("--agreement", choices=["idcc-2941", "idcc-3127"], default="idcc-3127")
    parser.add_argument("--area", default="Secteur unique", help="nom du premier secteur")
    parser.add_argument("--email", required=True)
    parser.add_argument("--name", required=True, help="« NOM Prénom » de l’administrateur")
    options = parser.parse_args(arguments)
    password = getpass.getpass("Mot de passe (12 caractères au moins) : ")
    now = system_now()
    try:
        with psycopg.connect(read_settings().owner_database_url) as conn:
            create_organisation(conn, options.organisation, now=now)
            company = create_company(
                conn,
                name=options.company,
                siret=siret_numbers.validate(options.siret),
                iban=None,
                agreement=options.agreement,
            )
            create_area(conn, company, name=options.area, communes=[], duty_number=None)
            create_user(
                conn,
                BySystem("installation"),
                options.email,
                name=options.name,
                password=password,
                roles=[(Role.ADMINISTRATOR, None)],
                now=now,
            )
    except ValidationError:
        print("Ce SIRET n’est pas valable.", file=sys.stderr)
        return 2
    except HomecareError as refusal:
        print(refusal, file=sys.stderr)
        return 2
    print(f"{options.organisation} est prêt : connectez-vous avec {options.email}.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
