"""Réglages: what an agency decides for everybody. One page a subject."""
