"""A time-stamping authority: RFC 3161 by HTTP, answered by `openssl ts`. Imports nothing of ours.

It makes its own certificates in a folder. By hand: `python -m simulators.timestamp_authority --help`.
"""
