"""Every page about workers, behind one blueprint."""

from backoffice_web.workers import qualifying
from backoffice_web.workers.views import workers

__all__ = ["qualifying", "workers"]
