"""A caller: real SIP calls through SIPp, keys as SIP INFO or as RFC 2833 tones in a voice stream.

Imports nothing of ours.

`call.place_call` places one call and tells how it went, `crowd.place_calls` has many call at once; `scenario`
writes what SIPp plays; `sipp` runs it; `voice` is ear and mouth: it hears what is played to the caller, and
presses keys in the voice stream; `duty` is a phone that is rung. By hand: `python -m simulators.handset
--help`.
"""
