"""Pages of a long list. Pure."""

from dataclasses import dataclass

SIZE = 50


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list of `total` rows; pages count from 1."""

    number: int
    total: int
    size: int = SIZE

    @property
    def offset(self) -> int:
        """How many rows come before."""
        return (self.number - 1) * self.size

    @property
    def last(self) -> int:
        """The last page's number, 1 for an empty list."""
        return max(1, -(-self.total // self.size))

    @property
    def first_row(self) -> int:
        """The first row shown, counted from 1; 0 when there is none."""
        return min(self.offset + 1, self.total)

    @property
    def last_row(self) -> int:
        """The last row shown."""
        return min(self.offset + self.size, self.total)


def page_of(number: int | None, total: int, *, size: int = SIZE) -> Page:
    """Return the page asked for, or the nearest that exists."""
    page = Page(max(1, number or 1), total, size)
    return Page(min(page.number, page.last), total, size)
