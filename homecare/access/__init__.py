"""Access: who may do what, where. Organisations (tenants), companies, areas, users, roles, sessions.

An *organisation* is the tenant; a *company* is a legal entity inside it; an *area* (secteur) is a part of its
territory. A user holds *roles*, each over one area or over all. What must be looked up before the
organisation is known goes through a few listed SECURITY DEFINER functions that answer ids only.
"""
