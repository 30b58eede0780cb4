"""The only file that knows asterisk-ami: one connection to Asterisk's manager, which tells when it is lost.

The library reads in a thread of its own. It ends that thread after some silence or after an exception in a
listener, and says so only to `on_disconnect`; it says nothing at all when the greeting is wrong; its values
may hold line breaks, which would be further actions. Here no exception leaves a listener, every end is told,
and what could break a line is taken out. Reconnecting, deadlines and meaning are `telephony.ami`'s business.
"""

import contextlib
import re
import socket
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from asterisk.ami import Action as LibraryAction  # type: ignore[import-untyped]
from asterisk.ami import AMIClient, Event, Response

LONGEST = 4000
"""Characters of one action: the library sends with one `send`, which a loopback socket takes whole."""

_BREAKS = re.compile(r"[\r\n\0]+")


@dataclass(frozen=True, slots=True)
class ManagerAction:
    """One action. Values may come from a call: line breaks, and commas of variables, are taken out."""

    name: str
    keys: Mapping[str, str] = field(default_factory=dict)
    variables: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Pack:
    """What Asterisk said: a response when `response` is true, an event otherwise."""

    response: bool
    name: str
    keys: Mapping[str, str]


class Connection:
    """One connection. `heard` and `lost` are called in the library's thread; what they raise goes nowhere."""

    def __init__(
        self, *, heard: Callable[[Pack], None], lost: Callable[[str], None], silence_seconds: float
    ) -> None:
        """After `silence_seconds` without a word the connection counts as lost."""
        self._heard = heard
        self._lost = lost
        self._silence = silence_seconds
        self._client: _Client | None = None

    def open(self, host: str, port: int) -> None:
        """Connect. Blocks; raises OSError."""
        client = make_client(host, port, heard=self._hear, lost=self._lost, silence_seconds=self._silence)
        client.connect()
        self._client = client

    def send(self, action: ManagerAction, action_id: str) -> None:
        """Send an action. Raises OSError when the connection is gone, ValueError when it is too long."""
        if self._client is None:
            raise OSError("not connected")
        keys = {_clean(key): _clean(value) for key, value in action.keys.items()}
        variables = {
            _clean(key).replace("=", ""): _clean(value).replace(",", " ")
            for key, value in action.variables.items()
        }
        library_action = LibraryAction(_clean(action.name), {**keys, "ActionID": action_id}, variables)
        if len(str(library_action)) > LONGEST:
            raise ValueError("action too long")
        self._client.send_action(library_action)

    def close(self) -> None:
        """Close and wait for the library's thread. Blocks for a moment."""
        if self._client is not None:
            self._client.drop()
            self._client = None

    def _hear(self, pack: Pack) -> None:
        try:
            self._heard(pack)
        except Exception as error:  # noqa: BLE001 - it would end the reader without a word
            self._lost(repr(error))


class _Client(AMIClient):  # type: ignore[misc]
    def listen(self) -> None:
        """Read until the end, and tell of the end also when there was no greeting."""
        try:
            super().listen()
        except Exception as error:  # noqa: BLE001 - nobody else would learn of it
            self._fire_on_disconnect(error=error)

    def drop(self) -> None:
        """Close at once: shutting the socket wakes the reader, which the library's close does not."""
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self.disconnect()


def make_client(
    host: str = "",
    port: int = 0,
    *,
    heard: Callable[[Pack], None],
    lost: Callable[[str], None],
    silence_seconds: float,
) -> _Client:
    """Return the library's client, not connected, that tells what it hears and when it ends."""
    client = _Client(address=host, port=port, timeout=silence_seconds)
    client.add_listener(
        on_response=lambda source, response: heard(_read_response(response)),  # noqa: ARG005
        on_event=lambda source, event: heard(_read_event(event)),  # noqa: ARG005
        on_disconnect=lambda source, error=None: lost(repr(error)),  # noqa: ARG005
    )
    return client


def _clean(text: str) -> str:
    return _BREAKS.sub(" ", text)


def _read_response(response: Response) -> Pack:
    return Pack(response=True, name=str(response.status), keys=_texts(response.keys))


def _read_event(event: Event) -> Pack:
    return Pack(response=False, name=str(event.name), keys=_texts(event.keys))


def _texts(keys: Mapping[object, object]) -> dict[str, str]:
    return {str(key): value for key, value in keys.items() if isinstance(value, str)}
