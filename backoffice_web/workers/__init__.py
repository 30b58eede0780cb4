"""Intervenants: the list, the card with contract, skills, hours and code, hiring one."""
