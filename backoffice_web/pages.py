"""Long lists, a page at a time."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Self

PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class Page:
    """A page of a list: its number from 1, how many rows it holds, how many there are in all."""

    number: int
    size: int = PAGE_SIZE
    total: int = 0

    @classmethod
    def read(cls, arguments: Mapping[str, str]) -> Self:
        """Return the page asked for in an address; the first when that makes no sense."""
        text = arguments.get("page", "1")
        return cls(max(1, int(text)) if text.isascii() and text.isdigit() and len(text) < 7 else 1)  # noqa: PLR2004

    def of(self, total: int) -> Self:
        """Return the same page, knowing how many rows there are."""
        return replace(self, total=total)

    @property
    def offset(self) -> int:
        """How many rows come before this page."""
        return (self.number - 1) * self.size

    @property
    def last(self) -> int:
        """The number of the last page."""
        return max(1, -(-self.total // self.size))

    @property
    def first_row(self) -> int:
        """The rank of the first row shown, from 1; 0 for an empty list."""
        return min(self.offset + 1, self.total)

    @property
    def last_row(self) -> int:
        """The rank of the last row shown."""
        return min(self.offset + self.size, self.total)
