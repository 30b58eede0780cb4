"""Every page about workers, behind one blueprint."""

from backoffice_web.workers import phones, qualifying
from backoffice_web.workers.views import workers

__all__ = ["phones", "qualifying", "workers"]
