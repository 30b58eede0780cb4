import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from telephony.agi_wire import Reply, WireError, quote, read_header, read_reply, write_command


@pytest.mark.parametrize(
    ("line", "reply"),
    [
        ("200 result=0", Reply(200, "0")),
        ("200 result=49 endpos=16000", Reply(200, "49", None, 16000)),
        ("200 result=123456", Reply(200, "123456")),
        ("200 result=12 (timeout)", Reply(200, "12", "timeout")),
        ("200 result= (timeout)", Reply(200, "", "timeout")),
        ("200 result=", Reply(200, "")),
        ("200 result=1 (a (bracketed) value)", Reply(200, "1", "a (bracketed) value")),
        ("200 result=-1 (hangup) endpos=21760", Reply(200, "-1", "hangup", 21760)),
        ("510 Invalid or unknown command", Reply(510, "")),
        ("511 Command Not Permitted on a dead channel or intercept routine", Reply(511, "")),
        ("520 End of proper usage.", Reply(520, "")),
    ],
)
def test_a_reply_of_asterisk_is_read(line: str, reply: Reply) -> None:
    assert read_reply(line) == reply


@pytest.mark.parametrize(
    "line", ["520-Invalid command syntax.  Proper usage follows:", "100 result=0 Trying..."]
)
def test_a_line_that_announces_more_is_no_reply_yet(line: str) -> None:
    assert read_reply(line) is None


@given(st.text())
def test_any_line_is_read_or_refused(line: str) -> None:
    with contextlib.suppress(WireError):
        read_reply(line)


@given(st.text())
def test_any_header_is_read_or_refused(line: str) -> None:
    try:
        name, _ = read_header(line)
    except WireError:
        return
    assert name.startswith("agi_")


@given(st.text())
def test_an_argument_stays_one_argument_on_one_line(text: str) -> None:
    try:
        quoted = quote(text)
    except ValueError:
        assert set(text) & set("\r\n\0")
        return
    inside = quoted[1:-1].replace("\\\\", "").replace('\\"', "")
    assert '"' not in inside
    assert "\n" not in quoted


def test_a_command_is_one_line() -> None:
    assert write_command("STREAM FILE", arguments=('a "b"', "")) == b'STREAM FILE "a \\"b\\"" ""\n'
    with pytest.raises(ValueError, match="line break"):
        write_command("STREAM FILE", arguments=("a\nHANGUP",))
