"""Addresses of the map, suggested while one is typed and found again when it is saved."""
