"""Optimisation: a plan asked for, followed while it is searched, read as differences, applied or dropped."""
