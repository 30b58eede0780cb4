"""Clients (bénéficiaires): the people served, their homes, and what proves a presence there.

A *home* is a place where a client is visited. It has a home code (keyed on a telephone that is not the
home's), a QR token (printed on its label), lines (telephones that name it) and tags (NFC). A *trait* is what
a worker may have to avoid there.
"""
