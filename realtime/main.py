"""Wires the program: every dependency is passed here, from settings to services."""

import gc
import shlex
import sys
import time
from pathlib import Path
from typing import cast

import psycopg
import structlog
from prometheus_client import Gauge
from twisted.application.internet import StreamServerEndpointService
from twisted.application.service import MultiService
from twisted.internet.defer import Deferred
from twisted.internet.endpoints import TCP4ServerEndpoint
from twisted.logger import STDLibLogObserver, globalLogBeginner

from homecare.kernel import logs
from homecare.kernel.clock import Clock, read_pace
from homecare.kernel.sealing import Sealer
from homecare.kernel.settings import Settings, read_settings
from mqtt_bridge.bridge import MqttBridge
from mqtt_bridge.client import Broker
from realtime.board import Board
from realtime.call_backs import CallBacks
from realtime.checkins import CheckIns
from realtime.db import Database
from realtime.devices import DeviceDesk
from realtime.kept_calls import KeptCalls
from realtime.lateness import Lateness
from realtime.line_checks import LineChecks
from realtime.missed_calls import MissedCalls
from realtime.notices import Notices
from realtime.own_prompts import OwnPrompts
from realtime.phone import PhoneDesk
from realtime.reactor import IReactor
from realtime.recording import Recorder
from realtime.ringing_lines import RingingLines
from realtime.site import make_site
from realtime.voice_notes import VoiceNotes
from spool.spool import Spool
from telephony.ami import CallEvent, Supervision
from telephony.ami_link import Address
from telephony.line import PhoneLine

_RETRY_SECONDS = 0.5

log = structlog.get_logger()
live_calls = Gauge("ponctuel_live_calls", "Channels that are up on Asterisk")


def wait_for_clock(settings: Settings) -> Clock:
    """Return the agency's clock. In a demonstration its pace is read before anything is taken or judged.

    A punch, a replay or a sweep on the machine's own hour would be hours off; so a demonstration without its
    database waits here. A real installation asks nothing.
    """
    clock = Clock()
    while settings.demo:
        try:
            with psycopg.connect(settings.database_url, connect_timeout=2) as conn:
                clock.set_pace(read_pace(conn))
                break
        except psycopg.OperationalError:
            log.warning("clock.waiting")
            time.sleep(_RETRY_SECONDS)
    return clock


def make_service(settings: Settings, reactor: IReactor, *, clock: Clock) -> MultiService:
    """Return the whole program as one service, not started."""
    spool_folder = settings.state_dir / "spool"
    spool_folder.mkdir(parents=True, exist_ok=True)
    spool = Spool(spool_folder / f"{settings.core_instance}.sqlite3")
    database = Database(settings.database_url, reactor)
    sealer = Sealer(settings.tag_key)
    recorder = Recorder(database, spool, clock=clock, core_instance=settings.core_instance, sealer=sealer)
    board = Board(clock=clock, reactor=reactor)
    lateness = Lateness(database, recorder, clock=clock, reactor=reactor)
    call_backs = CallBacks(database, asterisk=lambda: asterisk, now=clock.real_now)
    missed_calls = MissedCalls(
        database,
        asterisk=lambda: asterisk,
        is_settled=lambda: recorder.settled,
        clock=clock,
        reactor=reactor,
    )
    ringing_lines = RingingLines(database, settings.kept_calls_dir)
    own_prompts = OwnPrompts(settings.prompts_dir, database=database, reactor=reactor)
    phone_desk = PhoneDesk(
        database,
        record_punch=recorder.record,
        is_settled=lambda: recorder.settled,
        clock=clock,
        code_key=settings.code_key,
        sealer=sealer,
        memory=spool_folder / "called-lines.json",
        ring_home=call_backs.promise,
        missed_calls=missed_calls,
    )
    devices = DeviceDesk(database, recorder, clock=clock)
    check_ins = CheckIns(database, record_punch=recorder.record, clock=clock, code_key=settings.code_key)

    def follow_clock(_: str = "") -> None:
        if settings.demo:  # the database away, the pace that is known is kept
            reading = database.run(lambda conn: clock.set_pace(read_pace(conn)))
            reading.addCallbacks(lambda _: lateness.wake(), lambda _: None)

    def learn_lines(_: str = "") -> None:
        Deferred.fromCoroutine(phone_desk.learn_lines())
        ringing_lines.learn()

    def look_anew() -> None:
        follow_clock()
        learn_lines()
        board.refresh_all()
        lateness.wake()
        own_prompts.look_anew()

    notices = Notices(
        settings.database_url,
        reactor,
        channels={
            "board": board.take,
            "dues": lambda _: lateness.wake(),
            "clock": follow_clock,
            "lines": learn_lines,
            "prompts": lambda _: own_prompts.look_anew(),
        },
        on_open=look_anew,
    )

    def hear_asterisk(event: CallEvent) -> None:
        live_calls.set(asterisk.health.live_calls)
        call_backs.hear(event)
        missed_calls.hear(event)
        line_checks.hear(event)

    asterisk = Supervision(
        Address(settings.ami_host, settings.ami_port, settings.ami_user, settings.ami_secret),
        reactor=reactor,
        tell=hear_asterisk,
    )
    line_checks = LineChecks(database, asterisk=lambda: asterisk, now=clock.now, reactor=reactor)
    bridge = MqttBridge(
        Broker(
            host=settings.mqtt_host,
            port=settings.mqtt_port,
            user=settings.mqtt_user,
            password=settings.mqtt_password,
        ),
        core=devices.core(),
        reactor=reactor,
    )
    calls = phone_desk.calls()
    kept_calls = KeptCalls(
        settings.kept_calls_dir,
        settings.kept_calls_key,
        record_punch=calls.record_punch,
        open_line=calls.open_line,
        take_missed=calls.take_missed,
        find_confirmed=missed_calls.find_confirmed,
        hash_code=calls.hash_code,
        clock_at=calls.clock_at,
        reactor=reactor,
    )
    site = make_site(
        check_ins=check_ins,
        board=board,
        database=database,
        recorder=recorder,
        asterisk=asterisk,
        bridge=bridge,
        clock=clock,
        kept_calls=kept_calls,
        front_url=settings.front_url,
    )
    http = StreamServerEndpointService(
        TCP4ServerEndpoint(reactor, settings.realtime_port, interface=settings.realtime_host), site
    )
    phone = PhoneLine(
        calls,
        reactor=reactor,
        interface=settings.fastagi_host,
        port=settings.fastagi_port,
        prompts_dir=Path(settings.prompts_dir),
        espeak=shlex.split(settings.espeak),
        find_own=own_prompts.find,
    )
    voice_notes = VoiceNotes(
        settings.kept_calls_dir, database=database, clock_at=calls.clock_at, reactor=reactor
    )
    recorder.expect(kept_calls.first_look)
    program = MultiService()
    # Started in this order, stopped together: what takes punches comes after what stores them.
    for part in (
        database,
        recorder,
        notices,
        board,
        lateness,
        asterisk,
        http,
        kept_calls,
        voice_notes,
        own_prompts,
        bridge,
        line_checks,
        missed_calls,
    ):
        part.setServiceParent(program)  # type: ignore[no-untyped-call]
    # Later than at once: the first look may be over before all of these have been started.
    kept_calls.first_look.addCallback(lambda _: reactor.callLater(0, phone.setServiceParent, program))
    return program


def main() -> None:
    """Run until stopped."""
    from twisted.internet import reactor  # noqa: PLC0415 - importing it installs it

    settings = read_settings()
    logs.configure(settings.log_format)
    globalLogBeginner.beginLoggingTo([STDLibLogObserver()], redirectStandardIO=False)
    program = make_service(settings, cast("IReactor", reactor), clock=wait_for_clock(settings))
    # What is there by now stays. Else every full collection looks through it again, while callers wait.
    gc.collect()
    gc.freeze()
    reactor.callWhenRunning(program.startService)
    reactor.addSystemEventTrigger("before", "shutdown", program.stopService)
    reactor.run()
    sys.exit(0)
