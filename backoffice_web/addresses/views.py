"""Suggestions of addresses for the forms of clients and workers."""

from flask import Blueprint, render_template, request

from backoffice_web.access import requires
from backoffice_web.addresses.book import book
from backoffice_web.arguments import search_in
from homecare.access.model import Permission

addresses = Blueprint("addresses", __name__, template_folder="templates")


@addresses.get("/adresses")
@requires(Permission.CHANGE_CLIENTS, Permission.CHANGE_WORKERS)
def suggest() -> str:
    """Return a few addresses that begin as what is typed, as options of a list."""
    return render_template("addresses/_options.html", found=book().suggest(search_in(request.args)))
