"""Rounds planned on real travel times.

It proposes, the planner disposes: what it reads and writes goes through `homecare.visits`.
"""
