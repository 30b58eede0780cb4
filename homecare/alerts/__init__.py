"""Alerts: what a coordinator has to know in time, and the live state of the day.

Lateness keeps no state in memory: a *due* is the instant at which a published visit becomes late, armed with
its publication. One sweep takes the dues that are past and raises each alert once; alerts close by
themselves from the state of their visit.
"""
