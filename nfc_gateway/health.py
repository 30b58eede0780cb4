"""How the gateway feels, in a file that anybody on the machine can look at. No punch and no name in it."""

import json
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path

FRESH = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class Health:
    """The state at `at`: punches that wait, dead letters, and the last tap and acknowledgement seen.

    `device` is the reader as nfcpy names it ("usb", "udp:127.0.0.1:54321"); `reader`: whether it is there.
    """

    at: datetime
    connected: bool
    reader: bool
    waiting: int
    dead: int
    device: str
    tapped_at: datetime | None = None
    acknowledged_at: datetime | None = None


def write_health(path: Path, health: Health) -> None:
    """Replace the file in one step, so that nobody reads half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(".draft")
    draft.write_text(json.dumps(asdict(health), default=datetime.isoformat) + "\n")
    draft.replace(path)  # not synced: it is worth a moment only


def complaint(path: Path, *, now: datetime) -> str | None:
    """Return what is wrong with the gateway that writes this file, in French; None when all is well."""
    try:
        state = json.loads(path.read_text())
        at = datetime.fromisoformat(state["at"])
    except (OSError, ValueError, KeyError, TypeError):
        return "La passerelle n’a jamais écrit son état."
    if now - at > FRESH:
        return f"La passerelle ne donne plus signe de vie depuis {at.isoformat()}."
    if not state["reader"]:
        return "Le lecteur de badges est absent."
    if not state["connected"]:
        return f"Pas de liaison avec le centre ; {state['waiting']} pointage(s) en attente."
    return None
