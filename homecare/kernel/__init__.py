"""Ground floor of the domain: database, clock, ids, errors, audit, jobs, settings, French, migrations.

It knows no business word; every context stands on it.
"""
