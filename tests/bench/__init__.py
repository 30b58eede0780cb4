"""Figures beside their baselines: `python -m tests.bench` (`make bench`). Nothing here asserts a time.

Every arm runs in turn, several times over, in one run: a figure alone means little on a machine that others
use.
"""
