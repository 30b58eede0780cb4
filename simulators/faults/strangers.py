"""Messages that must never become a punch, and honest ones that come twice or in another order."""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from uuid import uuid4

from paho.mqtt.client import Client, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion

from simulators.faults.agency import Agency
from simulators.faults.journal import Forgery, Journal
from simulators.faults.programs import NoEffectError, NotBackError, wait_for
from simulators.faults.rig import Rig
from simulators.faults.sources.calls import Callers
from simulators.faults.sources.phones import Phones, Sending

_TAKEN = (200, 201, 202)
_ANSWER_SECONDS = 5.0
_TIMES = 5


class Strangers:
    """Forges, replays and reorders. All of it needs a system that answers; see `Rig.wait_until_well`."""

    def __init__(self, rig: Rig, agency: Agency, journal: Journal, phones: Phones, callers: Callers) -> None:
        """Speak to the doors of `rig`."""
        self._rig = rig
        self._agency = agency
        self._journal = journal
        self._phones = phones
        self._callers = callers

    def forge(self) -> str:
        """Send one forgery of each kind; return how they were answered."""
        kinds: list[Callable[[], Forgery]] = [
            lambda: self._check_in("unknown session", "0" * 43),
            lambda: self._check_in("closed session", self._agency.closed_session),
            self._altered,
            self._on_the_topic_of_another,
            self._with_a_wrong_password,
            self._unreadable_call,
        ]
        forgeries = []
        for make in kinds:
            forgery = make()
            self._journal.forge(forgery)
            forgeries.append(forgery)
        return ", ".join(f"{forgery.kind}: {forgery.answer}" for forgery in forgeries)

    def replay(self) -> str:
        """Post check-ins again that were stored, keep a stored call: all of it is known already."""
        known = [
            self._phones.post(one.message, session=one.person.session, key=one.key) for one in self._some()
        ]
        if max(known) >= HTTPStatus.INTERNAL_SERVER_ERROR:
            raise NoEffectError(f"replays were answered {known}")
        if HTTPStatus.CREATED in known:
            raise NotBackError(f"replays were stored anew: {known}")
        kept = self._callers.keep_again()
        if kept is None:
            raise NotBackError("no call could be kept again")
        wait_for("a call kept again", lambda: not kept.exists())
        return (
            f"{len(known)} check-ins answered {sorted(set(known))}, a stored call kept again and taken away"
        )

    def reorder(self) -> str:
        """Deliver check-ins the latest first."""
        person = self._agency.people[-1]
        made = [self._phones.prepare(person, ago=ago) for ago in (0.0, 2.0, 4.0)]
        answers = [self._phones.deliver(one) for one in made]
        return f"3 check-ins delivered the latest first: {', '.join(answers)}"

    def _some(self) -> list[Sending]:
        wait_for("punches to replay", lambda: self._phones.sent)
        return self._phones.sent[-_TIMES:]

    def _check_in(self, kind: str, session: str) -> Forgery:
        sending = self._phones.prepare(self._agency.people[0])
        status = self._phones.post(sending.message, session=session, key=sending.key)
        return Forgery(kind, sending.key, str(status), taken=status in _TAKEN)

    def _altered(self) -> Forgery:
        """The number of a stored punch with another time: what is stored stays."""
        one = self._some()[0]
        moved = datetime.fromtimestamp(one.intent.at, UTC) - timedelta(minutes=30)
        message = {**one.message, "at": moved.isoformat()}
        status = self._phones.post(message, session=one.person.session, key=one.key)
        return Forgery("altered", one.ref, str(status), taken=status in _TAKEN)

    def _on_the_topic_of_another(self) -> Forgery:
        """A box that speaks for another one: the broker does not pass it on."""
        liar, victim = self._agency.people[-1], self._agency.people[-2]
        ref = uuid4().hex
        payload = (
            f'{{"v": 1, "ref": "{ref}", "at": "{datetime.now(UTC).isoformat()}", "tag": null,'
            f' "badge": "{victim.badge}", "edge": null}}'
        )
        client = self._client(liar.device, liar.password)
        answered: list[MQTTMessage] = []
        client.on_message = lambda _client, _data, message: answered.append(message)
        client.loop_start()
        wait_for("a box on the broker", client.is_connected, seconds=_ANSWER_SECONDS)
        topic = f"ponctuel/v1/{self._agency.organisation}/{victim.device}"
        client.subscribe(f"{topic}/ack", qos=1)
        sent = client.publish(f"{topic}/punch", payload, qos=1)
        sent.wait_for_publish(_ANSWER_SECONDS)
        time.sleep(0.2)
        client.disconnect()
        client.loop_stop()
        heard = f"{len(answered)} answers"
        return Forgery("topic of another", ref, heard, taken=bool(answered))

    def _with_a_wrong_password(self) -> Forgery:
        codes: list[str] = []
        client = self._client(self._agency.people[-1].device, "wrong")
        client.on_connect = lambda _client, _data, _flags, reason, _properties: codes.append(str(reason))
        client.loop_start()
        wait_for("the broker's answer", lambda: codes, seconds=_ANSWER_SECONDS)
        client.disconnect()
        client.loop_stop()
        return Forgery("wrong password", uuid4().hex, codes[0], taken=codes[0] == "Success")

    def _unreadable_call(self) -> Forgery:
        """A file among the kept calls that was not encrypted for the core."""
        name = f"forged-{uuid4().hex}"
        folder = self._rig.servers.settings.kept_calls_dir
        (folder / f"{name}.cms").write_bytes(b"-----BEGIN CMS-----\nAAAA\n-----END CMS-----\n")
        aside = folder / f"{name}.aside"
        wait_for("an unreadable call put aside", aside.exists)
        aside.unlink()
        return Forgery("unreadable call", name, "put aside")

    def _client(self, device: str, password: str) -> Client:
        settings = self._rig.servers.settings
        client = Client(
            CallbackAPIVersion.VERSION2,
            protocol=MQTTProtocolVersion.MQTTv5,
        )
        client.username_pw_set(device, password)
        client.connect_async(settings.mqtt_host, settings.mqtt_port)
        return client
