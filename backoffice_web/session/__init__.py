"""Signing in and out, and the page that a person starts from."""
