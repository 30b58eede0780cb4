"""Real calls on a real Asterisk: SIP, voice, keys, the dialplan, the dialogue."""

import socket
import threading
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path

from simulators.handset.voice import voice_packets
from telephony.speech import Phrase, Words
from telephony.spoken_time import spoken_time
from tests.supervised import Supervised, wait_until
from tests.telephony.agency import HOME_CODE, HOME_LINE, INES, OMAR
from tests.telephony.conftest import StartCore
from tests.telephony.network import PhoneNetwork


def test_a_worker_keys_one_code_and_hears_the_stored_time(
    answer: StartCore, phone: PhoneNetwork, tmp_path: Path
) -> None:
    core, heard = answer(), tmp_path / "heard.wav"
    report = phone.call(HOME_LINE, (1.0, INES), save_to=heard)
    (punch,) = core.left("punch")
    stored = datetime.fromisoformat(str(punch["punched_at"]))
    minute_later = Words(spoken_time(stored + timedelta(minutes=1)))
    phone.render(minute_later, Words("Omar"))
    assert phone.hears(heard, Phrase.ARRIVAL_AT)
    assert phone.hears(heard, Words(spoken_time(stored)))
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


def test_without_a_core_the_dialplan_says_sorry(phone: PhoneNetwork, tmp_path: Path) -> None:
    heard = tmp_path / "heard.wav"
    phone.render(Phrase.SORRY)
    report = phone.call(HOME_LINE, (1.0, INES), save_to=heard)
    assert report["ended_by"] == "them"
    assert phone.hears(heard, Phrase.SORRY)


def test_a_core_that_dies_in_the_middle_of_a_call_is_apologised_for(
    answer: StartCore, phone: PhoneNetwork, tmp_path: Path
) -> None:
    core, heard = answer(), tmp_path / "heard.wav"
    phone.call(HOME_LINE, (4.0, ""), save_to=heard, on_voice=lambda _: core.kill())
    assert phone.hears(heard, Phrase.SORRY)
    assert core.left("punch") == []


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
    assert phone.hears(heard, Phrase.ARRIVAL_AT) or not phone.hears(heard, Phrase.SORRY)
    assert not phone.hears(heard, Phrase.SORRY)


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
