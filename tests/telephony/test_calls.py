"""Real calls on a real Asterisk: SIP, voice, keys, the dialplan, the dialogue."""

import socket
import threading
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path

from homecare.punches.model import Edge
from simulators.handset.voice import voice_packets
from telephony.claims import Entry
from telephony.speech import Phrase, Words, time_of
from tests.supervised import Supervised, wait_until
from tests.telephony.agency import CALLED, HOME_CODE, HOME_LINE, INES, OMAR
from tests.telephony.conftest import StartCore
from tests.telephony.network import PhoneNetwork


def test_a_worker_keys_one_code_and_hears_the_stored_time(
    answer: StartCore, phone: PhoneNetwork, tmp_path: Path
) -> None:
    core, heard = answer(), tmp_path / "heard.wav"
    report = phone.call(HOME_LINE, (1.0, INES), save_to=heard)
    (punch,) = core.left("punch")
    stored = datetime.fromisoformat(str(punch["punched_at"]))
    minute_later = time_of(stored + timedelta(minutes=1))
    phone.render(minute_later, Words("Omar"))
    assert phone.hears(heard, Phrase.ARRIVAL_AT)
    assert phone.hears(heard, time_of(stored))
    assert phone.hears(heard, Words("Inès"))
    assert not phone.hears(heard, minute_later)
    assert not phone.hears(heard, Words("Omar"))
    assert report["ended_by"] == "them"
    assert report["seconds"] is not None
    assert report["seconds"] < 15
    assert abs(stored.timestamp() - (report["answered_at"] or 0)) < 1.5


def test_keys_pressed_in_the_voice_stream_work_as_on_a_real_telephone(
    answer: StartCore, phone: PhoneNetwork
) -> None:
    core = answer(edge=None)
    phone.call(None, (1.0, HOME_CODE), (1.0, INES), (1.0, "2"), tones="rfc2833", hang_up_after=1.0)
    (punch,) = core.left("punch")
    assert punch["where"] == ["home_code", HOME_CODE]
    assert punch["edge"] == "departure"


HOSTILE = (
    "+33155512345'; DROP TABLE punches; --",
    "+33155512345 OR 1=1",
    "$(touch /srv/asterisk/spool/owned)",
    "`touch /srv/asterisk/spool/owned`",
    "${SHELL(touch /srv/asterisk/spool/owned)}",
    "+33155512345&PJSIP/+33899999999",
    "+33155512345\r\nX-Forged: yes",
)


def test_hostile_caller_ids_are_no_numbers_and_do_nothing(answer: StartCore, phone: PhoneNetwork) -> None:
    core = answer()
    phone.call_at_once([(caller, (0.5, "")) for caller in HOSTILE], hang_up_after=0.2)
    wait_until(lambda: len(core.left("refusal")) == len(HOSTILE))
    assert [ring["caller"] for ring in core.left("ring")] == [None] * len(HOSTILE)
    assert {refusal["status"] for refusal in core.left("refusal")} == {"hang_up"}
    assert not phone.note("owned").exists()


def test_no_called_extension_leads_outside(answer: StartCore, phone: PhoneNetwork, tmp_path: Path) -> None:
    core, heard = answer(), tmp_path / "heard.wav"
    with phone.duty_phone() as duty:
        abroad = phone.call(HOME_LINE, called="+33899999999", save_to=heard)
        forged = phone.call(HOME_LINE, called="operator")
        assert duty.heard_seconds == 0
    assert abroad["ended_by"] == "them"
    assert phone.hears(heard, Phrase.UNAVAILABLE)
    assert forged["status"] == 404
    assert len(core.journal) == 1


def test_keys_of_a_third_party_do_not_enter_the_call(answer: StartCore, phone: PhoneNetwork) -> None:
    core = answer()
    injected: list[threading.Thread] = []

    def inject(address: tuple[str, int]) -> None:
        injected.append(threading.Thread(target=_press_from_elsewhere, args=(address, OMAR)))
        injected[0].start()

    phone.call(HOME_LINE, (3.5, INES), tones="rfc2833", on_voice=inject, hang_up_after=1.0)
    injected[0].join()
    phone.call(HOME_LINE, (1.0, INES), hang_up_after=1.0)
    names = {str(punch["who"]) for punch in core.left("punch")}
    assert len(core.left("punch")) == 2
    assert len(names) == 1


def _press_from_elsewhere(address: tuple[str, int], keys: str) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as stranger:
        packets: Iterator[bytes] = voice_packets([(1.0, keys)], source=666)
        for packet in islice(packets, 125):
            stranger.sendto(packet, address)
            time.sleep(0.02)


# ---- the coordinator


def test_the_coordinator_answers_and_both_hear_each_other(answer: StartCore, phone: PhoneNetwork) -> None:
    core = answer()
    with phone.duty_phone(talk_seconds=2.0) as duty:
        report = phone.call(HOME_LINE, (1.0, "0#"), (3.0, ""), tones="rfc2833")
        assert duty.heard_seconds > 1.0
    assert report["ended_by"] == "them"
    assert core.left("call_back") == []


# ---- the core fails


def test_a_kept_punch_is_called_kept(answer: StartCore, phone: PhoneNetwork, tmp_path: Path) -> None:
    heard = tmp_path / "heard.wav"
    core = answer(away=True)
    phone.call(HOME_LINE, (1.0, INES), save_to=heard)
    assert len(core.left("punch")) == 1
    assert phone.hears(heard, Phrase.KEPT)


def test_without_a_core_the_dialplan_takes_the_code_keeps_the_call_and_says_so(
    phone: PhoneNetwork, tmp_path: Path
) -> None:
    heard = tmp_path / "heard.wav"
    report = phone.call(HOME_LINE, (1.0, "12#"), (1.0, INES), save_to=heard)
    assert report["ended_by"] == "them"
    assert phone.hears(heard, Phrase.KEPT_ALONE)
    assert not phone.hears(heard, Phrase.SORRY)
    (kept,) = phone.take_kept()
    assert kept.entry == Entry(1, None, INES, None)
    assert (kept.ring.called, kept.ring.caller) == (CALLED, HOME_LINE)
    assert abs(kept.ring.answered_at.timestamp() - (report["answered_at"] or 0)) < 1.5


def test_without_a_core_a_hidden_number_is_asked_for_the_home_code_first(phone: PhoneNetwork) -> None:
    phone.call(None, (1.0, f"{HOME_CODE}#"), (1.0, INES))
    (kept,) = phone.take_kept()
    assert (kept.ring.caller, kept.entry) == (None, Entry(1, HOME_CODE, INES, None))


def test_without_a_core_and_without_a_code_nothing_is_called_kept(
    phone: PhoneNetwork, tmp_path: Path
) -> None:
    heard = tmp_path / "heard.wav"
    phone.call(HOME_LINE, (1.0, "12#"), (1.5, "#"), (1.5, "#"), save_to=heard)
    assert phone.hears(heard, Phrase.SORRY)
    assert not phone.hears(heard, Phrase.KEPT_ALONE)
    assert phone.take_kept() == []


def test_a_disk_that_takes_nothing_is_never_called_kept(phone: PhoneNetwork, tmp_path: Path) -> None:
    heard = tmp_path / "heard.wav"
    phone.kept_folder.chmod(0o500)
    try:
        phone.call(HOME_LINE, (1.0, INES), save_to=heard)
    finally:
        phone.kept_folder.chmod(0o700)
    assert phone.hears(heard, Phrase.SORRY)
    assert not phone.hears(heard, Phrase.KEPT_ALONE)
    assert phone.take_kept() == []


def test_a_core_that_dies_before_the_code_leaves_the_call_to_the_dialplan(
    answer: StartCore, phone: PhoneNetwork, tmp_path: Path
) -> None:
    core, heard = answer(), tmp_path / "heard.wav"
    phone.call(HOME_LINE, (3.0, INES), save_to=heard, on_voice=lambda _: core.kill())
    assert phone.hears(heard, Phrase.KEPT_ALONE)
    assert core.left("punch") == []
    assert [kept.entry for kept in phone.take_kept()] == [Entry(1, None, INES, None)]


def test_a_core_that_dies_before_it_has_confirmed_asks_nothing_twice(
    answer: StartCore, phone: PhoneNetwork, tmp_path: Path
) -> None:
    core, heard = answer(edge=None, mute=["record_punch"]), tmp_path / "heard.wav"
    killer = threading.Timer(5.0, core.kill)
    killer.start()
    phone.call(HOME_LINE, (1.0, INES), (1.5, "2"), save_to=heard)
    killer.join()
    assert phone.hears(heard, Phrase.KEPT_ALONE)
    (kept,) = phone.take_kept()
    assert kept.entry == Entry(1, None, INES, Edge.DEPARTURE)


def test_a_caller_who_hangs_up_unconfirmed_is_kept_too(answer: StartCore, phone: PhoneNetwork) -> None:
    answer(mute=["record_punch"])
    phone.call(HOME_LINE, (1.0, INES), hang_up_after=1.0)
    wait_until(lambda: list(phone.kept_folder.glob("*.cms")))
    assert [kept.entry for kept in phone.take_kept()] == [Entry(1, None, INES, None)]


def test_a_core_that_dies_after_its_commit_is_not_apologised_for(
    answer: StartCore, phone: PhoneNetwork, tmp_path: Path
) -> None:
    core, heard = answer(), tmp_path / "heard.wav"

    def kill_once_stored() -> None:
        wait_until(lambda: core.left("punch"))
        time.sleep(1.0)  # the sentence has begun and goes on for longer
        core.kill()

    killer = threading.Thread(target=kill_once_stored)
    killer.start()
    phone.call(HOME_LINE, (1.0, INES), save_to=heard)
    killer.join()
    assert not phone.hears(heard, Phrase.SORRY)
    assert phone.take_kept() == []


def test_asterisk_killed_and_restarted_takes_calls_again_under_other_names(
    answer: StartCore, phone: PhoneNetwork, asterisk: Supervised
) -> None:
    core = answer()
    phone.call(HOME_LINE, (1.0, INES), hang_up_after=0.5)
    before = asterisk.pid("asterisk")
    asterisk.command("kill asterisk")
    wait_until(lambda: asterisk.pid("asterisk") not in (None, before))
    wait_until(lambda: phone.call(HOME_LINE, (1.0, INES), hang_up_after=0.5)["answered"])
    assert len({punch["source_ref"] for punch in core.left("punch")}) == 2
