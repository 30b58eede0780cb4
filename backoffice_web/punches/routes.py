"""Every page about punches, behind one blueprint."""

from backoffice_web.punches import lines
from backoffice_web.punches.views import punches

__all__ = ["lines", "punches"]
