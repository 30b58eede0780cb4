"""The telephone: a worker calls from the home, keys a code, hears the stored time, hangs up.

Asterisk answers and asks this package over FastAGI what to play and what to read. The dialogue (`ivr`) is
pure; `calls` performs it; all that touches the database comes as callables (`calls.PhoneCalls`), because a
channel translates and does not decide. AMI (`ami`) only watches: live calls, health, calls that we place.

Words: *line*: a telephone number; *home code* and *code*: what is keyed to name the home and the worker;
*wording*: the versioned text of the prompts; *sound*: what the caller hears.
"""
