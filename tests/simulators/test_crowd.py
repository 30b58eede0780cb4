"""The crowd: what SIPp is made to play."""

import xml.etree.ElementTree as ET

from simulators.handset.crowd import Manner, write_crowd


def messages(manner: Manner, *, keys: int = 2) -> list[str]:
    """What each caller sends, in order."""
    scenario = write_crowd("0800888888", manner, keys=keys, token="abc")
    return [send.text or "" for send in ET.fromstring(scenario).iter("send")]  # noqa: S314 - our own text


def sequences(sent: list[str]) -> list[str]:
    return [line for text in sent for line in text.splitlines() if line.startswith("CSeq: ")]


def test_each_caller_calls_keys_its_own_entry_and_waits_to_be_hung_up_on() -> None:
    sent = messages(Manner(think=1.0))
    assert [text.split(maxsplit=1)[0] for text in sent] == ["INVITE", "ACK", "INFO", "INFO", "SIP/2.0"]
    assert "Signal=[field1]" in sent[2]
    assert "Signal=[field2]" in sent[3]
    assert sequences(sent) == ["CSeq: 1 INVITE", "CSeq: 1 ACK", "CSeq: 2 INFO", "CSeq: 3 INFO"]


def test_whoever_barges_in_presses_one_more_key() -> None:
    sent = messages(Manner(think=1.0, cut=2.0))
    assert "Signal=1" in sent[4]
    assert sequences(sent)[-1] == "CSeq: 4 INFO"


def test_the_callers_of_a_crowd_are_told_apart() -> None:
    for text in messages(Manner(think=1.0))[:-1]:
        assert "branch=z9hG4bK-abc-[call_number]-" in text
        assert "tag=abc-[call_number]" in text
        assert "From: <sip:[field0]@" in text
