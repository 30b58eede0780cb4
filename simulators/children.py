"""Programs that a simulator starts beside itself, and that must not outlive it."""

DYING_WITH_US = ("setpriv", "--pdeathsig", "TERM", "--")
"""Begins the command of a child: when the thread that started it is gone, however, the kernel stops it."""
