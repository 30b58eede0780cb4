"""The realtime program: telephone, devices, check-ins, lateness and live boards, in one Twisted process.

Everything that blocks happens behind two doors: `db` (database threads) and `recording` (claims, with the
spool when the database is away). Channels are given plain callables; nothing here decides what a punch means.
"""
