"""Every page and door of the worker's phone, behind one blueprint."""

from backoffice_web.portals.worker import notes
from backoffice_web.portals.worker.views import worker_portal

__all__ = ["notes", "worker_portal"]
