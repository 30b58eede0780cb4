"""Runs every rule over a timeline."""

from homecare.labour.breach import Breach
from homecare.labour.rules import RULES
from homecare.labour.timeline import Timeline
from homecare.law.model import Parameters


def check(timeline: Timeline, parameters: Parameters) -> list[Breach]:
    """Return every breach of the timeline, by rule, then by time. An empty timeline has none.

    `parameters` are those of the day that is planned. Raises `ParameterMissingError` when no text gives one.
    """
    return [breach for rule in RULES for breach in rule(timeline, parameters)]
