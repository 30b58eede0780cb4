"""Passwords that the office's people choose: by the link that an administrator gave, or from their menu."""
