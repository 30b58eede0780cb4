"""What the bridge asks of the core: who a device is, and to remember what it says."""

from datetime import datetime

from homecare.kernel import db
from homecare.kernel.clock import Clock
from homecare.kernel.ids import OrganisationId
from homecare.punches.devices import Health, note_device_status
from homecare.punches.operations import note_device_event
from homecare.punches.queries import find_device
from mqtt_bridge.reception import Core, DeviceEvent
from mqtt_bridge.wire import DeviceStatus
from realtime.db import Database
from realtime.recording import Recorder


class DeviceDesk:
    """Answers the bridge's questions from the database. While it is away devices are answered nothing."""

    def __init__(self, database: Database, recorder: Recorder, *, clock: Clock) -> None:
        """Look up in `database`, record through `recorder`."""
        self._database = database
        self._recorder = recorder
        self._clock = clock
        self._known: dict[str, OrganisationId] = {}

    def core(self) -> Core:
        """Return the bridge's callables."""
        return Core(
            find_device=self.find_device,
            record_punch=self._recorder.record,
            note_event=self.note_event,
            note_status=self.note_status,
            real_now=self._clock.real_now,
            at=self._clock.at,
        )

    async def find_device(self, name: str) -> OrganisationId | None:
        """Return the organisation of a registered device. A device never changes its organisation."""
        if name not in self._known:
            found = await self._database.run(lambda conn: find_device(conn, name))
            if found is None:
                return None
            self._known[name] = found
        return self._known[name]

    async def note_event(self, event: DeviceEvent) -> None:
        """Remember something about a device; of a device that nobody knows there is nothing to remember."""
        if event.organisation is None:
            return

        def work(conn: db.Conn) -> None:
            note_device_event(conn, event.device, event.kind.value, event.details, at=event.at)

        await self._database.run(work, event.organisation)

    async def note_status(
        self, organisation: OrganisationId, device: str, status: DeviceStatus, at: datetime
    ) -> None:
        """Note that a device came or went, and how it feels."""
        health = Health(status.online, status.reader, status.waiting)

        def work(conn: db.Conn) -> None:
            note_device_status(conn, organisation, device, health, at=at)

        await self._database.run(work, organisation)
