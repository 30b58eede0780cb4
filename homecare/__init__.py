"""The domain: one folder per business context, no framework. Plain functions that take a connection."""
