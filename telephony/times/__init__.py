"""The time of day in words, one file a language: `words(hour, minute)`, hour below 24, minute below 60. Pure.

Spelled out, because a synthetic voice reads "14:32" badly and counts hours in the wrong gender. It fits after
« Arrivée enregistrée » of its own wording: where the preposition depends on the hour (« às oito », « a la
una »), it is said here.
"""
