"""The entries of the menus, those that the person may open: the top bar's, the account's, the settings'."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from flask import current_app, request

from backoffice_web import access
from backoffice_web.forms import signature
from backoffice_web.i18n import lazy
from backoffice_web.transaction import began, conn, is_under_way, now
from homecare.access.model import Permission
from homecare.alerts.queries import count_open
from homecare.kernel.calendar import day_bounds, paris_day
from homecare.kernel.ids import new_token
from homecare.punches.queries import count_waiting

if TYPE_CHECKING:
    from backoffice_web.app import BackOffice

WAITING_BACK = timedelta(days=31)
"""How far back punches that wait are counted."""


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry: the page it opens, its icon, its word, what one does there. Who may open the page sees it."""

    endpoint: str
    icon: str
    word: Any

    what_for: Any = ""

    @property
    def is_current(self) -> bool:
        """Tell whether the page shown belongs to the entry's area."""
        return request.blueprint == self.endpoint.partition(".")[0]


ENTRIES = (
    Entry("board.day", "broadcast", lazy("Tableau")),
    Entry("planning.day", "calendar-event", lazy("Planning")),
    Entry("punches.list", "clipboard-check", lazy("Pointages")),
    Entry("optimisation.runs", "route", lazy("Optimisation")),
    Entry("clients.list", "home-heart", lazy("Bénéficiaires")),
    Entry("workers.list", "users", lazy("Intervenants")),
)

ACCOUNT_ENTRIES = (
    Entry("agency_settings.index", "settings", lazy("Réglages")),
    Entry("passwords.change", "key", lazy("Mon mot de passe")),
)


def opened(entries: Iterable[Entry]) -> list[Entry]:
    """Return those entries whose page the person of this request may open."""
    person = access.known_person()
    if person is None:
        return []
    views = current_app.view_functions
    return [
        entry
        for entry in entries
        if entry.endpoint in views
        and not person.permissions.isdisjoint(access.rule_of(views[entry.endpoint]) or ())
    ]


def install(app: "BackOffice") -> None:
    """Give the templates the entries, the person, and what forms and scripts are signed with."""
    app.jinja_env.globals.update(
        csrf_signature=signature,
        new_form_key=new_token,
        has_page=app.view_functions.__contains__,
        began=began,
    )

    @app.context_processor
    def shell() -> dict[str, object]:
        return {
            "nav_entries": opened(ENTRIES),
            "account_entries": opened(ACCOUNT_ENTRIES),
            "person": access.known_person(),
            "open_alerts": count_open_alerts,
            "waiting_punches": count_waiting_punches,
        }


def count_open_alerts() -> int:
    """Return how many of today's alerts are open; none on the page of an error, which asks nothing more."""
    return count_open(conn(), since=day_bounds(paris_day(now()))[0]) if is_under_way() else 0


def count_waiting_punches() -> int:
    """Return how many punches wait for somebody, to whoever may see them; none on the page of an error."""
    person = access.known_person()
    if person is None or not person.may(Permission.SEE_PUNCHES) or not is_under_way():
        return 0
    return count_waiting(conn(), since=now() - WAITING_BACK, until=now()).count
