"""Visits (interventions): what is to be done, when, where and by whom, and what was really done.

A *recurrence* (planning type) makes visits. A visit is one worker's; two people needed at once are two visits
joined by `together_id`. Its *assignment* is its worker. A worker's visits of a day are a *round*.
A visit is *published* when the worker may see it; lateness is watched for published visits only. A
visit that has not begun may be *cancelled*, with its reason; it is kept, and may be restored. The optimiser's
runs and proposals live here too: they propose, a planner applies.
"""
