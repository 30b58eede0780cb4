"""A worker's telephone that checks in over HTTP, with a network that comes and goes. Imports nothing of ours.

`site` is its browser: cookies, the sign-in form, one request at a time. `phone` is the telephone: every punch
goes into its queue first, and leaves it when the core has given a final answer. By hand:
`python -m simulators.phone_app --help`.
"""
