"""Every page of the worker's phone, behind one blueprint."""

from backoffice_web.portals.worker import enrolment
from backoffice_web.portals.worker.views import worker_portal

__all__ = ["enrolment", "worker_portal"]
