"""Every page and door of the worker's phone, behind one blueprint."""

from backoffice_web.portals.worker import enrolment, language, notes, receipts
from backoffice_web.portals.worker.views import worker_portal

__all__ = ["enrolment", "language", "notes", "receipts", "worker_portal"]
