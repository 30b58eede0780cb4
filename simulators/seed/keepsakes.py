"""What only the seed knows: codes in clear, badges, passwords of devices. One file, for the simulators alone.

The domain keeps codes as HMACs and cannot tell them; a real installation has no such file.
"""

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

FILE = "demo-secrets.json"
PASSWORD = "bonjour-ponctuel"  # noqa: S105 - of a demonstration, and printed at each start


@dataclass(frozen=True, slots=True)
class PlacedDevice:
    """A box or reader: the home where it stands, its MQTT password (None where the broker is not ours)."""

    home: int
    password: str | None


@dataclass(frozen=True, slots=True)
class Keepsakes:
    """Codes, badges and addresses of accounts by worker's id; devices by name; `planner`: a user's id."""

    organisation: int
    planner: int
    called_number: str
    codes: Mapping[int, str]
    badges: Mapping[int, str]
    emails: Mapping[int, str]
    devices: Mapping[str, PlacedDevice]


class LostKeepsakesError(Exception):
    """What only the seed knew is gone, damaged or of another version; the message is for the terminal."""


def write_keepsakes(state_dir: Path, keepsakes: Keepsakes) -> None:
    """Write the file, for the owner's eyes only."""
    state_dir.mkdir(parents=True, exist_ok=True)
    new = state_dir / f"{FILE}.new"
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as out:
        json.dump(asdict(keepsakes), out, indent=1)
    new.replace(state_dir / FILE)


def read_keepsakes(state_dir: Path) -> Keepsakes:
    """Read the file. Raises `LostKeepsakesError` where there is none, or none that can be understood."""
    try:
        read = json.loads((state_dir / FILE).read_bytes())
        return Keepsakes(
            organisation=read["organisation"],
            planner=read["planner"],
            called_number=read["called_number"],
            codes={int(worker): code for worker, code in read["codes"].items()},
            badges={int(worker): badge for worker, badge in read["badges"].items()},
            emails={int(worker): email for worker, email in read["emails"].items()},
            devices={name: PlacedDevice(**device) for name, device in read["devices"].items()},
        )
    except FileNotFoundError as gone:
        raise LostKeepsakesError(f"Aucune agence d’exemple n’a été faite dans {state_dir}.") from gone
    except (ValueError, KeyError, TypeError, AttributeError) as damage:
        raise LostKeepsakesError(
            "L’agence d’exemple est d’une autre version ou abîmée : « make clean » repart de zéro."
        ) from damage
