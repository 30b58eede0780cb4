"""What a spool refuses. Every refusal leaves what is already inside untouched."""


class SpoolError(Exception):
    """Something could not be put into, or taken out of, the spool. `permanent`: trying again is useless."""

    permanent = False


class SpoolFullError(SpoolError):
    """The spool has reached its capacity, or the disk has: nothing was written, say so to the sender."""


class SpoolBusyError(SpoolError):
    """Another program holds this spool open. A spool has one owner at a time."""


class KeyTakenError(SpoolError):
    """Another body waits under this key: the source has used one key for two things."""

    permanent = True


class NoEntryError(SpoolError):
    """No entry waits under this key."""

    permanent = True
