"""What the telephone needs of a reactor, given to it as a parameter."""

from twisted.internet.interfaces import IReactorTCP, IReactorThreads, IReactorTime
from zope.interface import Interface


class IReactor(IReactorTCP, IReactorTime, IReactorThreads, Interface):
    """Sockets, time, threads."""
