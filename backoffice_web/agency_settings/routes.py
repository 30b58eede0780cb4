"""Every page of settings, behind one blueprint."""

from backoffice_web.agency_settings import (
    areas,
    call_lines,
    index,
    payers,
    tablets,
    task_codes,
    users,
    voices,
)
from backoffice_web.agency_settings.views import agency_settings

__all__ = [
    "agency_settings",
    "areas",
    "call_lines",
    "index",
    "payers",
    "tablets",
    "task_codes",
    "users",
    "voices",
]
