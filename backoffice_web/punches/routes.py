"""Every page about punches, behind one blueprint."""

from backoffice_web.punches import case, ledger, lines, remarks
from backoffice_web.punches.views import punches

__all__ = ["case", "ledger", "lines", "punches", "remarks"]
