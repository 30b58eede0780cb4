"""The back office and the portals: Flask, server-rendered pages, one folder per screen area.

Views are 5 to 20 lines: parse, one query or operation, render or redirect. Pages never decide business.

Invariants: every route says who may use it (`access.requires` or `access.public`); a request is one
transaction, read only for GET (`transaction`); no colour is written outside `static/css/tokens.css`.
"""
