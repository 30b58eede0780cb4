"""Every page and door of the worker's phone, behind one blueprint."""

from backoffice_web.portals.worker import notes, receipts
from backoffice_web.portals.worker.views import worker_portal

__all__ = ["notes", "receipts", "worker_portal"]
