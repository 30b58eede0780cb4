"""Runs tests as if it were another hour, to show that none depends on the real one. Needs a C compiler.

    python -m tests.another_hour "2027-03-28 01:50" tests/acceptance -n 2

Everything that the run starts, servers and browser included, takes the given hour of Paris for the present.
"""
