"""The demonstration: starts everything, makes a sample agency once, plays its day until Ctrl-C.

    python -m simulators.demo [--speed 10] [--from 07:00] [--to 21:00] [--front-port 8080] [--lan]

`system` runs servers and programs as a child (`docker.rootfs up`), `phases` tells what takes how long,
`opening` makes the agency where there is none and chooses the day: today, or the next working day; a day
that was stopped goes on where it stopped. Somebody who plays a day by hand (`simulators.day`) takes over.
"""
