"""Strangers' bytes against every reader of the core.

`targets` are the readers and what each may answer; `test_any_input` throws thousands of inputs at each,
`python -m tests.fuzz` (`make fuzz`) a million, guided by what the code has not yet been through.
"""
