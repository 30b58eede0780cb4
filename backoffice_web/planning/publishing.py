"""Publishing a day: what it would do, counted when it is asked, then doing it."""

from datetime import timedelta

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from backoffice_web.access import person, requires
from backoffice_web.errors import wants_fragment
from backoffice_web.i18n import _, _n
from backoffice_web.planning.forms import PublishForm
from backoffice_web.planning.views import asked_here, planning
from backoffice_web.transaction import conn, now
from homecare.access.model import Permission
from homecare.alerts.operations import arm
from homecare.kernel.errors import InvalidError
from homecare.visits.operations import publish_day
from homecare.visits.planning import DayCount, count_by_day


@planning.get("/publier")
@requires(Permission.CHANGE_PLANNING)
def ask_publish() -> str:
    """Say who will see what and what stays open, as it is now."""
    asked = asked_here()
    counts = count_by_day(conn(), asked.day, asked.day + timedelta(days=1), now=now(), area=asked.area)
    return render_template(
        "planning/_publish.html" if wants_fragment() else "planning/publish.html",
        asked=asked,
        count=counts[0] if counts else DayCount(asked.day, 0, 0, 0, 0, 0),
    )


@planning.post("/publier")
@requires(Permission.CHANGE_PLANNING)
def publish() -> ResponseReturnValue:
    """Let the workers see the day, and watch its lateness from now on. What cannot be read is refused."""
    form = PublishForm()
    if not form.is_sent_and_valid():
        raise InvalidError(_("Le jour ou le secteur à publier est illisible : rien n'a été publié."))
    asked = form.command()
    published = publish_day(conn(), person().actor, asked.day, area=asked.area, now=now())
    arm(conn(), published, now=now())
    count = len(published)
    flash(
        _n("%(num)s intervention publiée.", "%(num)s interventions publiées.", count)
        if count
        else _("Il n'y avait rien à publier.")
    )
    return redirect(url_for("planning.day", jour=asked.day.isoformat(), secteur=asked.area), 303)
