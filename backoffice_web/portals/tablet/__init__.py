"""The tablet of a day centre: enrolled by a link that serves once, it shows a code that keeps changing.

It is nobody's session: its token opens these pages and nothing else.
"""
