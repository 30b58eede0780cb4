"""Check in by hand, and see what the core answers.

python -m simulators.phone_app --url http://127.0.0.1:8000 --email … --password … --qr TOKEN
"""

import argparse
import sys
from datetime import UTC, datetime
from urllib.parse import urlsplit

from docker.commands import Arguments
from simulators.phone_app.phone import Phone
from simulators.phone_app.site import Site


def main() -> int:
    """Return 0 when the punch is stored or kept."""
    parser = Arguments(prog="python -m simulators.phone_app", description=__doc__)
    parser.add_argument("--url", required=True, type=_address, help="what a browser opens")
    parser.add_argument("--email", required=True)
    parser.add_argument("--password", required=True)
    place = parser.add_mutually_exclusive_group(required=True)
    place.add_argument("--tag", help="token of an NFC tag")
    place.add_argument("--qr", help="token of a printed code")
    place.add_argument("--home", type=int, help="number of a home")
    parser.add_argument("--edge", choices=["arrival", "departure"])
    asked = parser.parse_args()
    phone = Phone(Site(asked.url), email=asked.email, password=asked.password)
    key = phone.punch(
        {name: getattr(asked, name) for name in ("tag", "qr", "home") if getattr(asked, name) is not None},
        at=datetime.now(UTC),
        edge=asked.edge,
    )
    phone.sync()
    answer = phone.answers.get(key)
    print(answer or "no answer: the punch waits in the telephone")
    return 0 if answer is not None and answer.status in {"stored", "duplicate", "kept"} else 1


def _address(text: str) -> str:
    try:
        address = urlsplit(text)
        is_one = address.scheme in ("http", "https") and address.hostname and address.port != 0
    except ValueError:
        is_one = False
    if not is_one:
        raise argparse.ArgumentTypeError(
            f"« {text} » n’est pas une adresse ; par exemple http://127.0.0.1:8080"
        )
    return text


if __name__ == "__main__":
    sys.exit(main())
