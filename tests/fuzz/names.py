"""The names of the targets: known before anything that a fuzzer has to watch is imported."""

NAMES = ("agi", "ami", "mqtt", "check_in", "ndef")
