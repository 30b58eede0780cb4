"""A plausible agency on the territory: made once, in an empty demonstration database.

`sketch` holds what is drawn and `drawing` draws it from a seed without looking at anything else; `places`,
`people`, `numbers`, `weeks`, `shifts`, `payers` are its parts. `founding` writes it through the domain's
operations, `history` lives the weeks before, `days` makes the visits and has the rounds of a day planned and
published, `describing` tells how to try it by hand. Refused where the installation is not a demonstration.

What the domain cannot tell again (codes in clear, badges, devices' passwords) is kept in one file, for the
simulators alone (`keepsakes`). Those secrets are the only thing that the same seed does not give again.
"""
