"""Breaks everything under load, then compares what was acknowledged with what is stored.

`sources` of every channel write what they are about to send into a `journal`, and what they were told beside
it. `kinds` kills programs and servers, harms links (`wire`), fills disks (`disk`), skews clocks, replays,
reorders and forges (`strangers`), and shows of each fault that it had its effect. `running` chooses among
them by a seed. At the end everything acknowledged must be stored, once and as it was sent, and nothing else
may be (`checking`, `report`).

By hand: `python -m simulators.faults --minutes 10 --seed 7`; see docs/dev/faults.md.
"""
