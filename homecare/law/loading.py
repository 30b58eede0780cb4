"""Reads the book of parameters. Decimals only, and a file that is not as it should be is refused whole."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

import yaml

from homecare.law.model import Agreement, Parameters, Unit, Value


class _DecimalLoader(yaml.SafeLoader):
    """A safe loader in which a number with a point is a Decimal: 0.38 stays 0.38."""


def _decimal(loader: yaml.SafeLoader, node: yaml.ScalarNode) -> Decimal:
    return Decimal(str(loader.construct_scalar(node)))


_DecimalLoader.add_constructor("tag:yaml.org,2002:float", _decimal)

_HEADER = {"description", "unit", "checked_on"}


@dataclass(frozen=True, slots=True)
class Parameter:
    """One file of the book: every dated value, by agreement, oldest first.

    An amount of None is the day on which an agreement falls silent again.
    """

    name: str
    description: str
    unit: Unit
    checked_on: date
    history: Mapping[Agreement, tuple[tuple[date, Decimal | None, str], ...]]

    def value_on(self, agreement: Agreement, day: date) -> Value | None:
        """Return the agreement's value on that day, else the Code du travail's, else None."""
        for text in (agreement, Agreement.CODE_TRAVAIL):
            begun = [entry for entry in self.history.get(text, ()) if entry[0] <= day]
            if not begun:
                continue
            since, amount, reference = begun[-1]
            if amount is not None:
                return Value(self.name, text, amount, self.unit, since, reference, self.checked_on)
        return None


def read_parameter(name: str, text: str) -> Parameter:
    """Read one file. Raises ValueError, which names the file, on anything unexpected."""
    try:
        record = yaml.load(text, Loader=_DecimalLoader)  # noqa: S506 - it is a SafeLoader
        return Parameter(
            name=name,
            description=str(record["description"]),
            unit=Unit(record["unit"]),
            checked_on=_day(record["checked_on"]),
            history={
                Agreement(str(key)): tuple(sorted(_entries(dated)))
                for key, dated in record.items()
                if key not in _HEADER
            },
        )
    except (KeyError, TypeError, AttributeError, ValueError, yaml.YAMLError) as error:
        raise ValueError(f"{name}: {error!r}") from error


def _entries(dated: Mapping[object, Mapping[str, object]]) -> Iterator[tuple[date, Decimal | None, str]]:
    for since, entry in dated.items():
        amount, reference = entry["value"], entry["reference"]
        if not isinstance(reference, str) or set(entry) != {"value", "reference"}:
            raise ValueError(f"{since}: a value and a reference are expected, nothing else")
        if isinstance(amount, bool) or not isinstance(amount, int | Decimal | None):
            raise TypeError(f"{since}: {amount!r} is not a number")
        yield _day(since), None if amount is None else Decimal(amount), reference


def _day(value: object) -> date:
    if type(value) is not date:
        raise TypeError(f"{value!r} is not a date")
    return value


@cache
def read_book() -> Mapping[str, Parameter]:
    """Read every parameter of the book, by name. Raises ValueError when two files have one name."""
    book: dict[str, Parameter] = {}
    for file in _yaml_files(files("homecare.law") / "parameters"):
        name = file.name.removesuffix(".yaml")
        if name in book:
            raise ValueError(f"{name}: two files of that name")
        book[name] = read_parameter(name, file.read_text(encoding="utf-8"))
    return book


def _yaml_files(folder: Traversable) -> Iterator[Traversable]:
    for item in sorted(folder.iterdir(), key=lambda item: item.name):
        if item.is_dir():
            yield from _yaml_files(item)
        elif item.name.endswith(".yaml"):
            yield item


@cache
def parameters_on(agreement: Agreement, day: date) -> Parameters:
    """Return what is in force for that agreement on that day. What no text gives is missed by name."""
    found = {name: parameter.value_on(agreement, day) for name, parameter in read_book().items()}
    return Parameters(agreement, day, {name: value for name, value in found.items() if value is not None})
