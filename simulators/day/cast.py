"""Everybody who plays: callers, telephones, boxes, the reader, and the coordinator who watches."""

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from functools import partial

from simulators.day.agency import Agency
from simulators.day.boxes import Boxes
from simulators.day.callers import Callers
from simulators.day.hearing import Ear
from simulators.day.ledger import Ledger
from simulators.day.listener import Listener
from simulators.day.model import Gesture, Script, Way
from simulators.day.phones import Phones
from simulators.day.reader import ReaderAtHome
from simulators.phone_app.site import Site
from simulators.seed.clientele import GATEWAY
from simulators.seed.drawing import ON_CALL
from simulators.seed.keepsakes import PASSWORD

_AT_ONCE = 2
_STREAM_SECONDS = 20.0


class Cast:
    """The simulators of one day, bound to one running system."""

    def __init__(self, agency: Agency, ledger: Ledger, *, on_first_punch: Callable[[], None]) -> None:
        """Raises FileNotFoundError when the telephone's sounds are not there: the telephone has never run."""
        settings, keepsakes = agency.settings, agency.keepsakes
        self._agency = agency
        self.ledger = ledger
        authority = settings.state_dir / "authority" / "authority.crt"
        open_site = partial(Site, settings.front_url, authority=authority if authority.exists() else None)
        self.listener = Listener(open_site(), ON_CALL, PASSWORD, on_first_punch=on_first_punch)
        self.callers = Callers(
            (settings.sip_host, settings.sip_port),
            keepsakes.called_number,
            keepsakes.codes,
            ear=Ear(settings.prompts_dir),
            ledger=ledger,
        )
        self.phones = Phones(open_site, keepsakes.emails, PASSWORD, ledger=ledger)
        self._boxes = Boxes(
            keepsakes.devices,
            keepsakes.badges,
            organisation=keepsakes.organisation,
            memory=settings.state_dir / "boxes",
            ledger=ledger,
        )
        self._reader = _find_reader(agency, ledger)
        self._signing_in = ThreadPoolExecutor(_AT_ONCE, "sign-in")

    @property
    def ways(self) -> frozenset[Way]:
        """The ways of punching that can be played: devices only where their passwords are known."""
        devices = {Way.READER: self._reader is not None, Way.BOX: self._boxes.are_known}
        return frozenset(way for way in Way if devices.get(way, True))

    @property
    def hands(self) -> Mapping[Way, Callable[[Gesture], None]]:
        """What makes a gesture that is no call."""
        hands = dict.fromkeys((Way.TAP, Way.SCAN, Way.APP), self.phones.punch) | {Way.BOX: self._boxes.punch}
        return hands if self._reader is None else hands | {Way.READER: self._reader.punch}

    def enter(self, script: Script) -> None:
        """Open the board, plug the devices in, let the telephones sign in. Raises ConnectionError."""
        settings = self._agency.settings
        if self._reader is not None:
            self._reader.start(settings)
        self._boxes.start(settings.mqtt_host, settings.mqtt_port)
        if not self.listener.start(within=_STREAM_SECONDS):
            raise ConnectionError(f"Le tableau ne s’ouvre pas : {settings.front_url}/events ne répond pas.")
        # In the order in which they are needed; whoever is not in time signs in when punching.
        for worker in dict.fromkeys(one.stop.worker for one in script.gestures if one.way.by_phone_app):
            self._signing_in.submit(self.phones.sign_in, worker)
        self.phones.start()

    def leave(self, *, within: float) -> None:
        """Let everybody wait for the answers they still need, then go."""
        with ExitStack() as leaving:  # each in any case
            leaving.callback(self.listener.stop)
            leaving.callback(self._boxes.finish, within=within)
            if self._reader is not None:
                leaving.callback(self._reader.finish, within=within)
            leaving.callback(self.phones.finish, within=within)
            leaving.callback(self._signing_in.shutdown, cancel_futures=True)

    @property
    def counts(self) -> tuple[int, int]:
        """How many punches were made, and how many of them have an answer."""
        made, answered = self.ledger.counts
        for some in (self.phones, self._boxes, self._reader):
            if some is not None:
                made, answered = made + some.counts[0], answered + some.counts[1]
        return made, answered


def _find_reader(agency: Agency, ledger: Ledger) -> ReaderAtHome | None:
    keepsakes = agency.keepsakes
    device = keepsakes.devices.get(GATEWAY)
    if device is None or device.password is None:
        return None
    return ReaderAtHome(
        GATEWAY, device.password, keepsakes.badges, organisation=keepsakes.organisation, ledger=ledger
    )
