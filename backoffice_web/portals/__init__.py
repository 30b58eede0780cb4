"""Pages for people outside the office: workers today."""
