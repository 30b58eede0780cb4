"""A box with a badge reader at a client's home, as another maker would build it. Imports nothing of ours.

It writes the wire from the published format (topics and JSON, version 1), keeps each punch in its own queue
on disk, and drops it only on the core's acknowledgement. `memory` is the queue, `box` the device. By hand:
`python -m simulators.mqtt_box --help`.
"""
