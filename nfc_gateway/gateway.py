"""The gateway at work: the reader's thread keeps taps, the courier's thread sends them.

The threads share the spool and an inbox, nothing else: what the reader or the broker has to say to the
courier goes through the inbox.
"""

import random
import threading
import time
from collections.abc import Callable
from datetime import datetime
from uuid import uuid4

import structlog

from mqtt_bridge.wire import encode_punch
from nfc_gateway.courier import Courier
from nfc_gateway.dispatch import Connected, Dispatch, ReaderSeen, Stop, Tapped
from nfc_gateway.link import Link
from nfc_gateway.reader import Card, Reader, ReaderLostError
from nfc_gateway.settings import GatewaySettings
from nfc_gateway.taps import Taps
from spool.errors import SpoolError
from spool.spool import Spool

log = structlog.get_logger()

REOPEN_SECONDS = 5.0


class Gateway:
    """One reader, one spool, one connection."""

    def __init__(self, settings: GatewaySettings, *, spool: Spool, now: Callable[[], datetime]) -> None:
        """Join the parts; nothing runs before `run`."""
        self._reader_path = settings.gateway_reader
        self._spool = spool
        self._now = now
        self._taps = Taps()
        self._stopped = threading.Event()
        self._broker = settings.mqtt_host, settings.mqtt_port
        self._link = Link(
            settings.address,
            password=settings.gateway_password,
            ca_file=settings.mqtt_ca_file,
        )
        self._dispatch = Dispatch(
            Courier(spool, send=self._link.send_punch, spread=lambda: random.uniform(0.8, 1.2)),  # noqa: S311
            spool=spool,
            link=self._link,
            device=settings.gateway_reader,
            health_file=settings.health_file,
            now=now,
        )

    def stop(self) -> None:
        """Ask `run` to return: after the poll under way, at most a few seconds."""
        self._stopped.set()

    def run(self) -> None:
        """Keep and send taps until `stop`. What waits then goes on waiting, on disk, for the next start."""
        tell = self._dispatch.tell
        self._link.start(*self._broker, on_connected=lambda: tell(Connected()), on_ack=tell)
        dispatch = threading.Thread(target=self._run_dispatch, name="dispatch")
        dispatch.start()
        try:
            while not self._stopped.is_set():
                self._read_until_lost()
        finally:
            tell(Stop())
            dispatch.join()
            self._link.stop()

    def _run_dispatch(self) -> None:
        try:
            self._dispatch.run(clock=time.monotonic)
        finally:
            self._stopped.set()  # a gateway that only reads would fill its spool in silence

    def _read_until_lost(self) -> None:
        try:
            with Reader(self._reader_path) as reader:
                self._dispatch.tell(ReaderSeen(ready=True))
                log.info("reader.ready", path=self._reader_path)
                while not self._stopped.is_set():
                    card = reader.wait_card(stopped=self._stopped.is_set)
                    if card is not None and self._keep(card):
                        reader.signal()
                    reader.wait_removal(stopped=self._stopped.is_set, pause=self._stopped.wait)
        except ReaderLostError as error:
            log.warning("reader.lost", error=str(error))
            self._dispatch.tell(ReaderSeen(ready=False))
            self._stopped.wait(REOPEN_SECONDS)

    def _keep(self, card: Card) -> bool:
        """Put a tap into the spool. Return whether the person may be told that it is kept."""
        at = self._now()
        punch = self._taps.punch_of(card, ref=uuid4().hex, at=at)
        if punch is None:
            log.info("card.ignored")
            return False
        try:
            self._spool.put(punch.ref, encode_punch(punch), now=at)
        except SpoolError as error:
            log.error("tap.not_kept", error=str(error))  # noqa: TRY400 - a full disk, not a bug
            return False
        self._dispatch.tell(Tapped(at))
        log.info("tap.kept", ref=punch.ref, waiting=self._spool.waiting)
        return True
