"""Alerts: the lateness that was raised, who takes care of it, how it ended."""
