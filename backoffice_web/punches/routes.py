"""Every page about punches, behind one blueprint."""

from backoffice_web.punches import ledger, lines, remarks
from backoffice_web.punches.views import punches

__all__ = ["ledger", "lines", "punches", "remarks"]
