"""Clients: the list, a client's card, the homes with their lines, tags and printed label."""
