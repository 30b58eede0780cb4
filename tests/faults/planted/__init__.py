"""Cores and boxes with a bug, each a thin wrapper around the real one: what the harness has to see."""
