"""Runs the real servers from a Debian root filesystem, without Docker and without root.

`build` makes the root filesystem once per machine, `up` starts servers and programs and keeps them alive
until it is stopped, `control` talks to a running `up`. Nothing here is for production: the packages may be
weeks behind.
"""
