"""Command line: `python -m simulators.seed [--seed 1]` makes the agency, `--describe` tells how to try it."""

import json
import sys
from pathlib import Path

import psycopg

from docker.commands import Arguments, in_words
from homecare.kernel import db
from homecare.kernel.clock import Clock, read_pace
from homecare.kernel.ids import OrganisationId
from homecare.kernel.settings import Settings
from simulators.seed.describing import describe
from simulators.seed.keepsakes import LostKeepsakesError, read_keepsakes
from simulators.seed.making import SeedError, make_agency
from simulators.seed.settings import read_settings_for
from simulators.territory.addresses import read_addresses


def main(arguments: list[str] | None = None) -> int:
    """Return 0 when done, 1 with a sentence when refused."""
    parser = Arguments(prog="python -m simulators.seed", description=__doc__)
    parser.add_argument("--seed", type=int, default=1, help="the same seed gives the same agency")
    parser.add_argument("--addresses", type=Path, help="front doors (CSV); by default the territory's")
    parser.add_argument("--describe", action="store_true", help="print how to dial, tap and sign in")
    options = parser.parse_args(arguments)
    settings = read_settings_for(parser)
    try:
        if options.describe:
            _describe(settings)
        else:
            addresses = read_addresses(options.addresses or settings.roads_dir / "addresses.csv")
            make_agency(
                settings,
                addresses,
                seed=options.seed,
                now=Clock().now(),
                say=lambda line: print(line, flush=True),
            )
    except psycopg.OperationalError:
        print("La base ne répond pas.", file=sys.stderr)
        return 1
    except (SeedError, LostKeepsakesError) as refusal:
        print(refusal, file=sys.stderr)
        return 1
    except OSError as trouble:
        print(in_words(trouble), file=sys.stderr)
        return 1
    return 0


def _describe(settings: Settings) -> None:
    keepsakes = read_keepsakes(settings.state_dir)
    with psycopg.connect(settings.database_url) as conn:
        db.use_organisation(conn, OrganisationId(keepsakes.organisation))
        clock = Clock(pace=read_pace(conn))
        print(json.dumps(describe(conn, settings, keepsakes, now=clock.now()), ensure_ascii=False, indent=1))


if __name__ == "__main__":
    sys.exit(main())
