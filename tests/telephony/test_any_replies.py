"""Whatever Asterisk replies, a call is conducted to its end and nothing breaks."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from twisted.internet.defer import Deferred, fail, succeed
from twisted.internet.task import Clock

from homecare.kernel.ids import OrganisationId
from homecare.workers.model import Language
from telephony.agi_wire import Reply
from telephony.channel import Channel, LineGoneError
from telephony.conductor import Conductor
from telephony.speech import Spoken
from tests.telephony.agency import HOME_CODE, INES, Agency, Setting
from tests.telephony.running import HEADERS

results = st.one_of(
    st.sampled_from(["0", "1", "-1", "49", "42", "48", INES, HOME_CODE, "999", "", "12", "000", "*12345"]),
    st.text(max_size=8),
)
replies = st.builds(
    Reply,
    st.sampled_from([200, 200, 200, 510, 511, 520]),
    results,
    st.one_of(st.none(), st.sampled_from(["timeout", "ANSWER", "BUSY", "hangup"])),
    st.integers(0, 20_000),
)
agencies = st.builds(
    Setting,
    away=st.booleans(),
    edge=st.sampled_from([None, "arrival", "departure"]),
    mode=st.sampled_from(["none", "read", "keyed"]),
    tasks=st.sampled_from([(), (("12", "Toilette"), ("34", "Repas"))]),
    broken=st.sets(st.sampled_from(["find_home", "check_code", "record_punch", "list_tasks"])).map(tuple),
)


@given(agencies, st.lists(replies, max_size=30), st.sampled_from(["+33155512345", "unknown"]))
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_replies_lead_to_an_end(tmp_path: Path, setting: Setting, said: list[Reply], caller: str) -> None:
    coming: Iterator[Reply] = iter(said)

    def send(_: bytes) -> Deferred[Reply]:
        reply = next(coming, None)
        return fail(LineGoneError()) if reply is None else succeed(reply)

    async def name(sounds: Sequence[Spoken], _: Language, __: OrganisationId | None) -> tuple[str, ...]:
        return tuple(str(sound) for sound in sounds)

    journal = tmp_path / "journal"
    journal.unlink(missing_ok=True)
    conductor = Conductor(Agency(setting, journal).calls(), name, reactor=Clock())
    ended: list[object] = []
    call = conductor.answer(Channel(HEADERS | {"agi_callerid": caller}, send))
    Deferred.fromCoroutine(call).addBoth(ended.append)
    assert ended == [None]
    assert journal.read_text().count('"punch"') <= 1
