"""The ledger: proof to an outsider that no punch was changed, added or taken away afterwards.

Words: a *line* is a raw punch as it is shown to an auditor; a *link* ties it to the one before it in the
chain of its core (`punches.keeping`); the *root* of a day stands for all its lines (Merkle tree, RFC 6962);
its *seal* joins that root to the seal of the day before. Whoever was given a seal can check all that came
before.

A *stamp* is the token by which an outside authority vouches that a seal existed at an instant (RFC 3161).

Invariants: a sealed day never changes; an export carries its own checker, `verify_ledger.py`, which needs
nothing but Python's standard library and shares no code with us.
"""
