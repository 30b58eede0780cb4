"""Reads the cases that a person of human resources can read. Shape of a case: see `cases/README.md`."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml

from homecare.kernel.calendar import PARIS
from homecare.labour.timeline import Timeline, WorkedVisit
from homecare.law.model import Agreement

FOLDER = Path(__file__).parent / "cases"
KEYS = {"id", "agreement", "article", "date", "why", "given", "timeline", "expect"}
FACTS = {"fragile", "twelve_hour_days_used", "exceptional_span_days_used"}


@dataclass(frozen=True, slots=True)
class Case:
    """What a worker did, and every breach it must give as (rule, measured, limit, level)."""

    id: str
    agreement: Agreement
    article: str
    day: date
    timeline: Timeline
    expected: tuple[tuple[str, Decimal, Decimal, str], ...]


def read_cases() -> Iterator[Case]:
    """Read every case of the folder. Raises ValueError on a key that nobody would judge."""
    for file in sorted(FOLDER.glob("*.yaml")):
        for record in yaml.safe_load(file.read_text(encoding="utf-8")):
            yield _read_case(record)


def _read_case(record: dict[str, Any]) -> Case:
    given = record.get("given", {})
    unknown = (record.keys() - KEYS) | (given.keys() - FACTS)
    if unknown:
        raise ValueError(f"{record['id']}: {unknown}")
    visits = [
        visit for entry in record["timeline"] for visit in _read_visits(entry, given.get("fragile", False))
    ]
    return Case(
        id=record["id"],
        agreement=Agreement(record["agreement"]),
        article=record["article"],
        day=record["date"],
        timeline=Timeline(
            tuple(sorted(visits, key=lambda visit: visit.start)),
            long_days_used=given.get("twelve_hour_days_used", 0),
            long_spans_used=given.get("exceptional_span_days_used", 0),
        ),
        expected=tuple(
            (item["rule"], Decimal(item["measured"]), Decimal(item["limit"]), item["level"])
            for item in record["expect"]
        ),
    )


def _read_visits(entry: dict[str, Any], fragile: bool) -> Iterator[WorkedVisit]:  # noqa: FBT001
    travel = timedelta(minutes=entry.get("travel_after", 0))
    fragile = entry.get("fragile", fragile)
    if "days" in entry:
        for day in entry["days"]:
            for start, end in entry["at"]:
                yield WorkedVisit(_wall(f"{day} {start}"), _wall(f"{day} {end}"), travel, fragile)
    else:
        yield WorkedVisit(_wall(entry["from"]), _wall(entry["to"]), travel, fragile)


def _wall(text: str) -> datetime:
    return datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=PARIS)
