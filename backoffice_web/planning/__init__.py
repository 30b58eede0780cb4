"""The planning: visits by worker, moved by hand with every consequence said first, then published."""
