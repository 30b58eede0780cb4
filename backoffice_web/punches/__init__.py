"""Pointages: what came in during a day and what was made of it, attempts that failed, calls to give back."""
