"""The entries of the top bar: what the person may open, in the order of a coordinator's day."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask import current_app, request

from backoffice_web import access
from backoffice_web.forms import signature
from backoffice_web.i18n import lazy
from backoffice_web.transaction import began, conn, is_under_way, now
from homecare.access.model import Permission
from homecare.alerts.queries import count_open
from homecare.kernel.calendar import day_bounds, paris_day

if TYPE_CHECKING:
    from backoffice_web.app import BackOffice


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry: the page it opens, its icon, its word, the right it needs."""

    endpoint: str
    icon: str
    word: Any
    permission: Permission

    @property
    def is_current(self) -> bool:
        """Tell whether the page shown belongs to the entry's area."""
        return request.blueprint == self.endpoint.partition(".")[0]


ENTRIES = (
    Entry("board.day", "broadcast", lazy("Tableau"), Permission.SEE_BOARD),
    Entry("planning.day", "calendar-event", lazy("Planning"), Permission.SEE_PLANNING),
    Entry("punches.list", "clipboard-check", lazy("Pointages"), Permission.SEE_PUNCHES),
    Entry("optimisation.runs", "route", lazy("Optimisation"), Permission.OPTIMISE),
    Entry("clients.list", "home-heart", lazy("Bénéficiaires"), Permission.SEE_CLIENTS),
    Entry("workers.list", "users", lazy("Intervenants"), Permission.SEE_WORKERS),
)


def entries() -> list[Entry]:
    """Return the entries for the person of this request."""
    person = access.known_person()
    if person is None:
        return []
    return [e for e in ENTRIES if e.endpoint in current_app.view_functions and person.may(e.permission)]


def install(app: "BackOffice") -> None:
    """Give the templates the entries, the person, and the signature of forms and scripts."""
    app.jinja_env.globals.update(
        csrf_signature=signature, has_page=app.view_functions.__contains__, began=began
    )

    @app.context_processor
    def shell() -> dict[str, object]:
        return {
            "nav_entries": entries(),
            "person": access.known_person(),
            "open_alerts": count_open_alerts,
        }


def count_open_alerts() -> int:
    """Return how many of today's alerts are open; none on the page of an error, which asks nothing more."""
    return count_open(conn(), since=day_bounds(paris_day(now()))[0]) if is_under_way() else 0
