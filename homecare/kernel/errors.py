"""Refusals that a person can understand. Everything else that is raised is a bug and must surface."""


class HomecareError(Exception):
    """A refusal. `str(error)` is one French sentence that can be shown or read out as it is."""


class NotFoundError(HomecareError):
    """Nothing of that id is within the actor's reach: it does not exist, or it is another area's."""


class ForbiddenError(HomecareError):
    """The actor is known but has no right to do this."""


class StaleError(HomecareError):
    """Somebody else changed it first: nothing was written, look again."""


class InvalidError(HomecareError):
    """The value cannot be taken as it is."""


class AdapterError(Exception):
    """Something outside failed. `permanent` tells whether trying again is useless."""

    def __init__(self, message: str, *, permanent: bool) -> None:
        """Keep the message for the log and whether a retry makes sense."""
        super().__init__(message)
        self.permanent = permanent
