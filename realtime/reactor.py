"""What the program needs of a reactor, as one interface, so that it can be a parameter."""

from twisted.internet.interfaces import IReactorCore

import telephony.reactor
from realtime import db


class IReactor(db.IReactor, telephony.reactor.IReactor, IReactorCore):
    """All that its parts need: time, sockets, threads, start and stop."""
