"""What the supervisor asks of Twisted's reactor."""

from twisted.internet.interfaces import (
    IReactorCore,
    IReactorProcess,
    IReactorThreads,
    IReactorTime,
    IReactorUNIX,
)


class IReactor(IReactorCore, IReactorProcess, IReactorThreads, IReactorTime, IReactorUNIX):
    """Processes, time, threads, local sockets and the end of the program."""
