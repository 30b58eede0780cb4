"""The one durable spool: what was accepted and could not yet be handed on waits here.

An *entry* is a key (chosen by the source, so that a resend is the same entry) and a body (bytes that the
spool never reads). `put` returns once the entry is on the disk. An entry leaves by `ack` (its receiver has it
for good) or by `set_aside` (nobody will ever take it: a *dead letter*, kept with its reason).

Used by the realtime program when the database is away, and by the gateway beside a reader. Imports nothing
of ours.
"""
