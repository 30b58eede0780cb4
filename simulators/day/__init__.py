"""Plays a day of the agency on the demo clock, with real calls, taps and scans; tells what became of them.

    python -m simulators.day --speed 60 --from 07:00 --to 13:00 --report day.json --cut database:08:10:60s

`facts` reads the published visits; `script` decides, from a seed and nothing else, who does what when and
what goes wrong (`ways`, `fates` are its parts). `playing` makes each gesture at its instant through the
simulators of the outside world (`callers`, `phones`, `boxes`, `reader`), `listener` watches the live board
as a coordinator does. Afterwards `reckoning` compares what was done with what is in the database, and
`report` says it. The player knows the truth of its script; it never writes a punch, nor anything else a
real day would not.
"""
