"""The load: sources of every channel at once, from their first punch to their last answer."""

from collections.abc import Callable
from pathlib import Path
from typing import Self

from simulators.faults.agency import Agency
from simulators.faults.journal import Journal
from simulators.faults.programs import NotBackError, wait_for
from simulators.faults.rig import Rig
from simulators.faults.sources.boxes import Boxes
from simulators.faults.sources.calls import Callers, Dialplan
from simulators.faults.sources.phones import Phones
from simulators.faults.sources.reader import Lays
from simulators.mqtt_box.box import Box

_PHONE_SECONDS, _BOX_SECONDS, _CALL_SECONDS, _LAY_SECONDS = 1.0, 1.0, 1.0, 2.0
_BOXES, _CALLERS = 8, 4


class Load:
    """Phones, boxes, callers and a reader, all punching until the end of the `with`."""

    def __init__(
        self,
        rig: Rig,
        agency: Agency,
        journal: Journal,
        lays: Lays,
        *,
        folder: Path,
        seed: int,
        tag: int,
        patience: float,
        make_box: Callable[..., Box] = Box,
    ) -> None:
        """Nothing is sent before `with`. `patience`: seconds for the last answers, of each kind."""
        settings, people = rig.servers.settings, agency.people
        self._rig = rig
        self._patience = patience
        self._settings = settings
        self.lays = lays
        self.phones = Phones(agency, journal, settings.front_url, seed=seed, every=_PHONE_SECONDS)
        (folder / "boxes").mkdir()
        self.boxes = Boxes(
            agency,
            journal,
            people[:_BOXES],
            folder=folder / "boxes",
            seed=seed,
            every=_BOX_SECONDS,
            make=make_box,
        )
        dialplan = Dialplan(
            tuple(core.fastagi_port for core in rig.cores),
            settings.kept_calls_dir,
            settings.kept_calls_key.with_suffix(".crt"),
        )
        self.callers = Callers(
            agency, journal, people[:_CALLERS], dialplan, tag=tag, seed=seed, every=_CALL_SECONDS
        )

    def __enter__(self) -> Self:
        self.phones.start()
        self.boxes.start(self._settings.mqtt_host, self._rig.home_link.port)
        self.callers.start()
        self.lays.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._be_silent()
        self.boxes.unplug()

    def finish(self) -> list[str]:
        """Make no more punches, wait for the last answers; return what is still waited for."""
        self._be_silent()
        late = []
        for what, is_over in (
            ("phones", lambda: self.phones.given_up == 0),
            ("cores", self._are_settled),
            ("boxes", lambda: self.boxes.waiting == 0),
            ("gateway", lambda: self._rig.gateway_waiting == 0),
            ("kept calls", lambda: not list(self._settings.kept_calls_dir.glob("*.cms"))),
            ("cores", self._are_settled),
        ):
            try:
                wait_for(what, is_over, seconds=self._patience)
            except NotBackError as error:
                late.append(str(error))
        self.lays.learn_answers()
        return late

    def _be_silent(self) -> None:
        self.phones.stop(within=self._patience)
        for source in (self.boxes, self.callers, self.lays):
            source.stop()

    def _are_settled(self) -> bool:
        try:
            self._rig.wait_until_well(seconds=1)
        except NotBackError:
            return False
        return True
