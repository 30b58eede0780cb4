"""Which map the sample agency was made on: with another one its homes lie where there are no roads."""

from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

ANOTHER_MAP = (
    "La carte a changé depuis que cette agence d’exemple a été faite : ses domiciles n’y sont peut-être pas, "
    "et leurs trajets sont alors estimés. « make clean » repart de zéro sur la carte voulue."
)


@dataclass(frozen=True, slots=True)
class OnMap:
    """The list of front doors in use, and the state folder that remembers the one of the agency."""

    state: Path
    addresses: Path

    def remember(self) -> None:
        """Note that the agency was made with this list."""
        self._note.write_text(self._digest())

    def is_another(self) -> bool:
        """Tell whether the agency was made with another list."""
        return self._note.exists() and self._note.read_text() != self._digest()

    @property
    def _note(self) -> Path:
        return self.state / "addresses.sha256"

    def _digest(self) -> str:
        return sha256(self.addresses.read_bytes()).hexdigest() if self.addresses.exists() else ""
