"""Every page about clients, behind one blueprint."""

from backoffice_web.clients import homes, people, places, weekly
from backoffice_web.clients.views import clients

__all__ = ["clients", "homes", "people", "places", "weekly"]
