"""A telephone operator: what is called through it rings where the number is served (SIP on loopback)."""
