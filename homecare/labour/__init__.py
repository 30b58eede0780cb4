"""Labour law as checks: a worker's timeline in, breaches out.

A *timeline* is what a worker does, day after day: visits, the travel between them, the rest of the gaps.
A *breach* is a value: which rule, when, how much was measured, how much is allowed, by which article.
The same functions serve the planning screen, the check of a proposal and payroll. They decide nothing.

How things are measured (each reading is on the worker's side where the texts are silent):

- travel between two visits is effective work, whatever its length (Cass. soc. 16 June 2004, n° 02-43.685);
- the way from home to the first visit and back from the last is not (L3121-4);
- a wait, travel deducted, is free time, but for the short waits that an agreement pays;
- minutes are elapsed: the night of the spring change is an hour shorter than the clock says.
"""
