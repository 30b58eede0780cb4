"""Who acts, as the audit trail names them. Values only."""

from dataclasses import dataclass

from homecare.kernel.ids import UserId


@dataclass(frozen=True, slots=True)
class ByUser:
    """Somebody who is signed in."""

    id: UserId

    def __str__(self) -> str:
        """Return `user:ID`."""
        return f"user:{self.id}"


@dataclass(frozen=True, slots=True)
class BySystem:
    """A program of ours acting by itself, such as `telephony` or `lateness`."""

    name: str

    def __str__(self) -> str:
        """Return `system:NAME`."""
        return f"system:{self.name}"


type Actor = ByUser | BySystem
