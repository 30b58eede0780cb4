"""Calls over the wire, with Asterisk's side played line by line."""

from datetime import UTC, datetime

import pytest

from homecare.workers.model import Language
from telephony.prompts import Prompts
from telephony.speech import Words, time_of
from telephony.wordings import read_wording
from tests.telephony.agency import HOME_CODE, INES
from tests.telephony.conftest import StartCore
from tests.telephony.running import Peer

HUNG_UP = "200 result=-1"
PLAYED = "200 result=0"


def keyed(keys: str) -> str:
    return f"200 result={keys}"


def said(commands: list[str]) -> list[str]:
    """Return the names of the sounds played, without their folder."""
    return [
        command.split('"')[1].removeprefix("/srv/prompts/")
        for command in commands
        if command.startswith(("STREAM FILE", "GET DATA"))
    ]


def test_the_stored_time_and_the_first_name_are_spoken_before_the_call_ends(
    start_core: StartCore, prompts_dir: object
) -> None:
    core = start_core(edge="arrival")
    with Peer(core.port) as peer:
        commands = [*peer.asks().plays(keyed(INES)), *peer.plays_on()]
    (punch,) = core.left("punch")
    stored = datetime.fromisoformat(str(punch["punched_at"]))
    names = Prompts(read_wording(Language.FRENCH), prompts_dir)  # type: ignore[arg-type]
    heard = said(commands)
    assert heard[1:5] == [
        "fr/arrival_at",
        names.name(time_of(stored)),
        "fr/thanks",
        names.name(Words("Inès")),
    ]
    assert stored == datetime.fromtimestamp(1795527728, UTC)
    assert commands[1:3] == [f'SET VARIABLE PONCTUEL_ENTRY "1::{INES}:"', 'SET VARIABLE PONCTUEL_DONE "1"']
    assert commands[-1] == "HANGUP"


def test_a_punch_is_named_after_the_call_and_says_what_was_keyed(start_core: StartCore) -> None:
    core = start_core()
    with Peer(core.port) as peer:
        peer.asks().plays(keyed(INES))
        peer.plays_on()
    (punch,) = core.left("punch")
    assert punch["source_ref"] == "phone-1-1795527728.0-1"
    assert punch["where"] == ["line", "+33155512345"]
    assert punch["edge"] is None
    assert INES not in str(punch)


def test_a_hidden_number_proves_the_home_by_its_code(start_core: StartCore) -> None:
    core = start_core()
    with Peer(core.port) as peer:
        peer.asks(callerid="unknown").plays(keyed(HOME_CODE), keyed(INES))
        peer.plays_on()
    (punch,) = core.left("punch")
    assert punch["where"] == ["home_code", HOME_CODE]
    assert punch["details"] == {"called": "+33801020304", "caller": None}


@pytest.mark.parametrize(
    ("headers", "replies", "left"),
    [
        ({}, [HUNG_UP], [("refusal", "hang_up")]),
        ({"callerid": "unknown"}, [HUNG_UP], [("refusal", "hang_up")]),
        ({"callerid": "unknown"}, [keyed(HOME_CODE), HUNG_UP], [("refusal", "hang_up")]),
        ({}, [keyed("999999"), HUNG_UP], [("refusal", "bad_pin")]),
        ({}, [keyed(INES), "200 result=1", HUNG_UP], [("punch", None)]),
        ({}, [keyed(INES), "200 result=1", PLAYED, HUNG_UP], [("punch", None)]),
        ({}, [keyed("0"), PLAYED, "200 result=1", HUNG_UP, "200 result=1 (CANCEL)"], [("call_back", None)]),
    ],
)
def test_a_caller_may_hang_up_at_each_step(
    start_core: StartCore, headers: dict[str, str], replies: list[str], left: list[tuple[str, str | None]]
) -> None:
    core = start_core()
    with Peer(core.port) as peer:
        peer.asks(**headers).plays(*replies)
        peer.plays_on("511 Command Not Permitted on a dead channel or intercept routine")
    assert [(entry["what"], entry.get("status")) for entry in core.journal[1:]] == left


def test_an_asterisk_that_dies_with_the_line_loses_no_punch(start_core: StartCore) -> None:
    core = start_core()
    with Peer(core.port) as peer:
        peer.asks().hears()
        peer.says(f"{keyed(INES)}\n")
    with Peer(core.port) as peer:
        peer.asks(uniqueid="phone-1-2.2").plays(HUNG_UP)
        peer.plays_on()
    assert len(core.left("punch")) == 1


def test_hanging_up_at_the_edge_question_still_records(start_core: StartCore) -> None:
    core = start_core(edge=None)
    with Peer(core.port) as peer:
        peer.asks().plays(keyed(INES), HUNG_UP)
        peer.plays_on(HUNG_UP)
    assert core.left("punch")[0]["edge"] is None


def test_three_wrong_codes_end_with_a_typed_status(start_core: StartCore) -> None:
    core = start_core()
    with Peer(core.port) as peer:
        commands = peer.asks().plays(keyed("111111"), keyed("22"), keyed("333333"))
        commands += peer.plays_on()
    assert said(commands)[-1] == "fr/three_errors"
    assert commands[-1] == "HANGUP"
    assert [entry["status"] for entry in core.left("refusal")] == ["bad_pin"]


@pytest.mark.parametrize("keys", ["ABCD", "12345", "1234567890123456789", "-2", "'; DROP", "\xff", "*#*#"])
def test_garbage_instead_of_keys_is_a_wrong_entry(start_core: StartCore, keys: str) -> None:
    core = start_core()
    with Peer(core.port) as peer:
        peer.asks().plays(keyed(keys), keyed(keys), keyed(keys), keyed(keys), keyed(keys))
        peer.plays_on()
    assert core.left("punch") == []
    assert len(core.left("refusal")) <= 1


@pytest.mark.parametrize(
    "caller",
    ["+33155512345'; DROP TABLE punches; --", "$(reboot)", "+33155512345 OR 1=1", "`id`", "%s%n" * 20],
)
def test_a_hostile_caller_id_is_no_number(start_core: StartCore, caller: str) -> None:
    core = start_core()
    with Peer(core.port) as peer:
        commands = [*peer.asks(callerid=caller).plays(HUNG_UP), *peer.plays_on(HUNG_UP)]
    assert said(commands) == ["fr/home_code"]
    assert core.left("ring") == [{"what": "ring", "called": "+33801020304", "caller": None}]


@pytest.mark.parametrize(
    "request_text",
    [
        "agi_callerid: +33155512345\r\nagi_uniqueid: forged\n\n",
        "GET / HTTP/1.1\nHost: localhost\n\n",
        "agi_uniqueid: 1\nagi_uniqueid: 2\n\n",
        "agi_x: " + "y" * 10_000 + "\n\n",
        "".join(f"agi_x{number}: y\n" for number in range(200)) + "\n",
        "\n",
    ],
)
def test_what_is_no_request_of_our_dialplan_is_cut_off(start_core: StartCore, request_text: str) -> None:
    core = start_core()
    with Peer(core.port) as peer:
        assert peer.says(request_text).hears() == ""
    assert core.journal == []


def test_a_line_break_in_a_header_forges_no_other_header(start_core: StartCore) -> None:
    core = start_core()
    with Peer(core.port) as peer:
        assert peer.asks(callerid="x\nagi_extension: +33899999999").hears() == ""
    assert core.journal == []


@pytest.mark.parametrize("reply", ["what?", "200", "\x00\x01", "200 result=" + "9" * 5000])
def test_a_peer_that_replies_nonsense_is_cut_off_or_asked_again(start_core: StartCore, reply: str) -> None:
    core = start_core()
    with Peer(core.port) as peer:
        peer.asks().plays(reply)
        peer.plays_on(HUNG_UP)
    assert core.left("punch") == []
    with Peer(core.port) as peer:
        assert peer.asks().plays(HUNG_UP)[0].startswith("GET DATA")
        peer.plays_on(HUNG_UP)


def test_a_peer_that_says_nothing_is_cut_off(start_core: StartCore) -> None:
    with Peer(start_core().port) as peer:
        assert peer.hears() == ""


def test_replies_in_pieces_are_put_together(start_core: StartCore) -> None:
    core = start_core()
    with Peer(core.port) as peer:
        peer.asks().hears()
        for character in f"{keyed(INES)}\n":
            peer.says(character)
        peer.plays_on()
    assert len(core.left("punch")) == 1


# ---- the core fails


def test_a_kept_punch_is_called_kept_and_done(start_core: StartCore) -> None:
    core = start_core(away=True)
    with Peer(core.port) as peer:
        commands = [*peer.asks().plays(keyed(INES)), *peer.plays_on()]
    assert commands[2] == 'SET VARIABLE PONCTUEL_DONE "1"'
    assert said(commands)[1] == "fr/kept_at"
    assert said(commands)[3] == "fr/kept"
    assert core.left("punch")[0]["where"] == ["line", "+33155512345"]


@pytest.mark.parametrize("fault", [{"broken": ["record_punch"]}, {"mute": ["record_punch"]}])
def test_a_punch_that_is_not_stored_goes_back_to_the_dialplan_with_what_was_keyed(
    start_core: StartCore, fault: dict[str, list[str]]
) -> None:
    core = start_core(**fault)
    with Peer(core.port) as peer:
        peer.asks().plays(keyed(INES))
        assert peer.plays_on() == [f'SET VARIABLE PONCTUEL_ENTRY "1::{INES}:"']


@pytest.mark.parametrize("fault", [{"broken": ["check_code"]}, {"mute": ["check_code"]}])
def test_a_look_up_that_fails_does_not_cost_the_punch(
    start_core: StartCore, fault: dict[str, list[str]]
) -> None:
    core = start_core(**fault)
    with Peer(core.port) as peer:
        peer.asks().plays(keyed(INES))
        peer.plays_on()
    assert len(core.left("punch")) == 1


def test_a_core_that_cannot_open_the_line_gives_the_call_back(start_core: StartCore) -> None:
    with Peer(start_core(broken=["open_line"]).port) as peer:
        assert peer.asks().hears() == ""


def test_thirty_calls_at_once_are_thirty_punches(start_core: StartCore) -> None:
    core = start_core()
    peers = [Peer(core.port).asks(uniqueid=f"phone-1-1.{number}") for number in range(30)]
    for peer in peers:
        peer.plays(keyed(INES))
    for peer in peers:
        peer.plays_on()
        peer.close()
    assert len({entry["source_ref"] for entry in core.left("punch")}) == 30


def test_a_core_that_is_stopped_lets_a_call_end(start_core: StartCore) -> None:
    core = start_core(duty_number=None)  # a core of this test alone
    with Peer(core.port) as peer:
        peer.asks().plays(keyed(INES))
        core.terminate()
        assert peer.plays_on()[-1] == "HANGUP"
    assert len(core.left("punch")) == 1
