"""A form that creates, taken once: a double click, a page sent anew or two requests at once make one thing.

The form is served with a key (`ui.signed_once()`). What is known again is the key with everything typed: the
same page, gone back to and filled in otherwise, makes another thing.
"""

from collections.abc import Callable
from hashlib import sha256

from flask import flash, request

from backoffice_web.i18n import _
from backoffice_web.transaction import conn, now
from homecare.access.sent_forms import take_once

KEY = "form_key"
NOT_OF_THE_CONTENT = {"csrf_token"}


def once(make: Callable[[], str]) -> str:
    """Run `make`, which creates and returns the address of what it made, or return the first one's address.

    Without a key, which every page of ours gives, it is run.
    """
    if not request.form.get(KEY):
        return make()
    address, is_new = take_once(conn(), _digest(), make, now=now())
    if not is_new:
        flash(_("Ce formulaire était déjà enregistré : il n'a compté qu'une fois."))
    return address


def _digest() -> bytes:
    content = sha256(repr(request.path).encode())
    for name, values in sorted(request.form.lists()):
        if name not in NOT_OF_THE_CONTENT:
            content.update(repr((name, values)).encode(errors="surrogatepass"))
    return content.digest()
