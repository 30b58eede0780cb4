"""Where the running system listens, who signs in, and homes and workers to try by hand. Reads only."""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

from homecare.access.queries import list_areas
from homecare.clients.queries import find_home
from homecare.kernel import db
from homecare.kernel.calendar import PARIS
from homecare.kernel.clock import system_now
from homecare.kernel.ids import HomeId, WorkerId
from homecare.kernel.settings import Settings
from homecare.visits.model import Visit
from homecare.visits.queries import list_between
from homecare.workers.queries import list_workers
from simulators.seed.drawing import ADMINISTRATOR, ON_CALL, PLANNER
from simulators.seed.keepsakes import PASSWORD, Keepsakes
from simulators.seed.people import DOMAIN

_SHOWN = 10
_AHEAD = timedelta(days=7)
_NEXT = 3
_GATEWAY_FRESH = timedelta(seconds=30)


def describe(conn: db.Conn, settings: Settings, keepsakes: Keepsakes, *, now: datetime) -> dict[str, object]:
    """Return all that somebody needs to dial, tap and sign in, as JSON values.

    The homes are those of the workers' next visits: a call from the line with the worker's code punches.
    """
    rows = list_workers(conn, day=now.astimezone(PARIS).date())
    upcoming = {row.id: _next_visits(conn, row.id, now) for row in rows}
    soonest = sorted((row for row in rows if upcoming[row.id]), key=lambda row: upcoming[row.id][0].starts_at)
    shown = soonest[:_SHOWN]
    homes = list(dict.fromkeys(upcoming[row.id][0].home_id for row in shown))
    homes += [visit.home_id for row in shown for visit in upcoming[row.id] if visit.home_id not in homes]
    return {
        "now": now.astimezone(PARIS).isoformat(timespec="seconds"),
        "web": settings.front_url,
        "sip": {
            "host": settings.sip_host,
            "port": settings.sip_port,
            "called_number": keepsakes.called_number,
        },
        "mqtt": {
            "host": settings.mqtt_host,
            "port": settings.mqtt_port,
            "organisation": keepsakes.organisation,
            "devices": {
                name: {
                    "home": device.home,
                    "password": device.password,
                    "reader": _reader(settings.state_dir, name),
                }
                for name, device in keepsakes.devices.items()
            },
        },
        "sign_ins": sign_ins(conn),
        "homes": [_home(conn, home, settings.front_url) for home in list(dict.fromkeys(homes))[:_SHOWN]],
        "workers": [
            {
                "id": row.id,
                "name": row.name,
                "code": keepsakes.codes[row.id],
                "badge": keepsakes.badges[row.id],
                "email": keepsakes.emails[row.id],
                "password": PASSWORD,
                "next_visits": [_visit(visit) for visit in upcoming[row.id]],
            }
            for row in shown
        ],
    }


def _reader(state_dir: Path, device: str) -> str | None:
    """Return the reader of a gateway that runs here ("udp:127.0.0.1:54321"); a box has none of its own."""
    try:
        state = json.loads((state_dir / "gateway" / f"{device}.json").read_bytes())
        runs = system_now() - datetime.fromisoformat(state["at"]) < _GATEWAY_FRESH
        return str(state["device"]) if runs else None
    except (OSError, ValueError, KeyError):
        return None


def _next_visits(conn: db.Conn, worker: WorkerId, now: datetime) -> Sequence[Visit]:
    visits = list_between(conn, now, now + _AHEAD, worker=worker, published_only=True)
    return [one for one in visits if one.arrived_at is None and one.cancelled_at is None][:_NEXT]


def sign_ins(conn: db.Conn) -> list[dict[str, str]]:
    accounts = [
        ("administration", ADMINISTRATOR),
        ("planification", PLANNER),
        ("coordination, tous secteurs", ON_CALL),
        *(
            (f"coordination, {area.name}", f"secteur{rank}@{DOMAIN}")
            for rank, area in enumerate(sorted(list_areas(conn), key=lambda area: area.id), start=1)
        ),
        ("audit", f"audit@{DOMAIN}"),
    ]
    return [{"role": role, "email": email, "password": PASSWORD} for role, email in accounts]


def _home(conn: db.Conn, home: HomeId, front_url: str) -> dict[str, object]:
    card = find_home(conn, home)
    return {
        "id": card.id,
        "address": f"{card.street}, {card.postal_code} {card.city}",
        "lines": card.lines,
        "home_code": card.home_code,
        "tags": [{"token": tag, "url": f"{front_url}/t/{tag}"} for tag in card.tags],
        "qr": {"token": card.qr_token, "url": f"{front_url}/moi/pointer?qr={card.qr_token}"},
    }


def _visit(visit: Visit) -> dict[str, object]:
    return {
        "id": visit.id,
        "client": visit.client,
        "home": visit.home_id,
        "service": visit.service,
        "starts_at": visit.starts_at.astimezone(PARIS).isoformat(timespec="minutes"),
        "ends_at": visit.ends_at.astimezone(PARIS).isoformat(timespec="minutes"),
    }
