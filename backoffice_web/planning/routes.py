"""Every page about the planning, behind one blueprint."""

from backoffice_web.planning import adding, cancelling, moves, publishing, undoing
from backoffice_web.planning.views import planning

__all__ = ["adding", "cancelling", "moves", "planning", "publishing", "undoing"]
