"""Every page about the planning, behind one blueprint."""

from backoffice_web.planning import moves, publishing
from backoffice_web.planning.views import planning

__all__ = ["moves", "planning", "publishing"]
