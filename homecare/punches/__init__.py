"""Punches: what a source claimed, kept for ever as claimed, and what was made of it.

A *claim* comes in from any channel. It is *kept* (one raw row, once per source reference), then *settled*
(home and worker found, visit matched, visit advanced). Raw rows are append-only: the application has no right
to change them. A claim that matches nothing waits with its reason; nothing is thrown away.
"""
