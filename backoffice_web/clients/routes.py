"""Every page about clients, behind one blueprint."""

from backoffice_web.clients import code_devices, homes, payers, people, places, proof, weekly
from backoffice_web.clients.views import clients

__all__ = ["clients", "code_devices", "homes", "payers", "people", "places", "proof", "weekly"]
