"""The live board. The list is the truth, most urgent first; the timeline explains it."""
