"""Visits in the running product, and every way to punch at them, each through its own simulator."""

import itertools
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from homecare.access.model import Role
from homecare.alerts.operations import arm
from homecare.kernel import db
from homecare.kernel.ids import VisitId
from homecare.punches.operations import register_device
from homecare.workers.operations import enrol_badge, give_code
from simulators.handset.call import place_call
from simulators.mqtt_box.box import Box
from simulators.phone_app.phone import Edge, Phone, Place
from simulators.phone_app.site import Site
from tests.builders import ACTOR, PASSWORD, MadeHome, make_client, make_user, make_visit, make_worker
from tests.nfc_gateway.running import RunningGateway
from tests.realtime.agency import Agency

type PhoneWay = Literal["tag", "qr", "home"]
_badges = itertools.count(0x04A1B2C3D40000)


@dataclass(frozen=True, slots=True)
class Stop:
    """A visit that begins about now, and what its worker punches with."""

    visit: VisitId
    home: MadeHome
    code: str
    badge: str
    phone: Phone


class Street:
    """The homes of an agency: one with a box, one with a badge reader, others with neither."""

    def __init__(self, agency: Agency, box: Box, reader: RunningGateway, *, at: "Places") -> None:
        """Punch at these places."""
        self.agency = agency
        self._box = box
        self._reader = reader
        self._at = at

    def plan(self, home: MadeHome | None = None) -> Stop:
        """Publish a visit of a new worker, who has a code, a badge and a telephone of their own."""
        settings, organisation, now = self.agency.settings, self.agency.organisation, self.agency.now()
        badge = f"{next(_badges):014X}"
        with self.agency.connect() as conn:
            home = home or make_client(conn, self.agency.area)
            user = make_user(conn, role=Role.WORKER)
            worker = make_worker(conn, organisation, self.agency.area, user=user).id
            code = give_code(conn, ACTOR, worker, key=settings.code_key, organisation=organisation, now=now)
            enrol_badge(conn, worker, badge, now=now)
            visit = make_visit(conn, home, worker, starts_at=now)
            arm(conn, [visit], now=now)
            email = db.value(conn, str, "SELECT email FROM users WHERE id = %s", (user,))
        assert email is not None
        phone = Phone(Site(settings.front_url), email=email, password=PASSWORD)
        return Stop(visit, home, code, badge, phone)

    def plan_at_box(self) -> Stop:
        """Publish a visit at the home that has a box."""
        return self.plan(self._at.box)

    def plan_at_reader(self) -> Stop:
        """Publish a visit at the home that has a badge reader."""
        return self.plan(self._at.reader)

    def call(self, stop: Stop) -> None:
        """Call from the home's line and key the worker's code."""
        settings = self.agency.settings
        switch = (settings.sip_host, settings.sip_port)
        report = place_call(self.agency.called, stop.home.line, [(0.8, stop.code)], switch=switch)
        assert report["answered"], report

    def lay_on_box(self, stop: Stop, edge: Edge) -> None:
        """Lay the badge on the box, which keeps it until it is answered."""
        self._box.punch(at=datetime.now(UTC), badge=stop.badge, edge=edge)

    def lay_on_reader(self, stop: Stop) -> None:
        """Lay the badge on the reader, whose gateway keeps it until it is answered."""
        self._reader.tap(stop.badge)

    def check_in(self, stop: Stop, way: PhoneWay, edge: Edge) -> int:
        """Touch the tag, scan the code or press the button; return how much waits in the telephone."""
        places: dict[PhoneWay, Place] = {
            "tag": {"tag": stop.home.tag},
            "qr": {"qr": stop.home.qr_token},
            "home": {"home": stop.home.home},
        }
        stop.phone.punch(places[way], at=datetime.now(UTC), edge=edge)
        return stop.phone.sync()


@dataclass(frozen=True, slots=True)
class Places:
    """The homes where a device hangs on the wall."""

    box: MadeHome
    reader: MadeHome


@contextmanager
def open_street(agency: Agency, folder: Path) -> Iterator[Street]:
    """Hang the devices up and plug them in; memories lie in `folder`."""
    number = 5_000 + int(agency.called[-4:])  # the agency has a box of its own number already
    box_name, reader_name = f"box-{number}", f"gw-{number}"
    with agency.connect() as conn:
        places = Places(make_client(conn, agency.area), make_client(conn, agency.area))
        register_device(conn, box_name, label="Boîtier", home=places.box.home)
        register_device(conn, reader_name, label="Lecteur", home=places.reader.home)
    organisation = str(agency.organisation)
    reader = RunningGateway(agency.core, folder, organisation=organisation, device=reader_name)
    box = Box(
        box_name,
        organisation=organisation,
        password=agency.core.device_password(box_name),
        memory=folder / "box",
    )
    with ExitStack() as stack:
        box.start(agency.settings.mqtt_host, agency.settings.mqtt_port)
        stack.callback(box.stop)
        reader.start()
        stack.callback(reader.kill)
        yield Street(agency, box, reader, at=places)
