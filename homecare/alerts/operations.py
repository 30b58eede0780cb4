"""Writing alerts: arm what will be due, raise and escalate what is, take in charge, close what is over."""

from collections.abc import Sequence
from datetime import datetime

from homecare.alerts.model import (
    DEFAULT_ESCALATION_MINUTES,
    DEFAULT_FIRST_MINUTES,
    DEFAULT_SECOND_MINUTES,
    Step,
)
from homecare.kernel import audit, db
from homecare.kernel.errors import HomecareError, InvalidError, NotFoundError
from homecare.kernel.ids import AlertId, AreaId, ClientId, OrganisationId, ServiceId, UserId, VisitId

_ACTOR = audit.BySystem("lateness")


def arm(conn: db.Conn, visits: Sequence[VisitId], *, now: datetime) -> None:
    """Set anew the instants at which these visits become late; whoever publishes, moves or cancels calls it.

    A visit that is entered after the fact raises nothing: only instants to come are armed.
    """
    conn.execute("DELETE FROM alert_dues WHERE visit_id = ANY (%s)", (list(visits),))
    armed = db.write(
        conn,
        """INSERT INTO alert_dues (visit_id, step, due_at)
           SELECT v.id, d.step, v.starts_at + d.minutes * interval '1 minute'
           FROM visits v
           CROSS JOIN LATERAL lateness_steps(v.area_id, v.service_id, v.client_id) AS d (step, minutes)
           WHERE v.id = ANY (%s) AND v.published_at IS NOT NULL AND v.worker_id IS NOT NULL
             AND v.cancelled_at IS NULL AND v.arrived_at IS NULL AND v.left_at IS NULL
             AND v.starts_at + d.minutes * interval '1 minute' > %s""",
        (list(visits), now),
    )
    close_from_visits(conn, visits, now=now)
    armed += _arm_escalations(conn, visits)
    if armed:
        conn.execute("SELECT pg_notify('dues', '')")


def _arm_escalations(conn: db.Conn, visits: Sequence[VisitId]) -> int:
    """Set when the open alerts of these visits escalate unless somebody takes them; return how many will.

    The delay runs from the instant at which the alert was raised: until then nobody could take it.
    """
    return db.write(
        conn,
        """INSERT INTO alert_dues (visit_id, step, due_at)
           SELECT v.id, %s, t.raised_at + r.escalation_minutes * interval '1 minute'
           FROM alerts t JOIN visits v ON v.id = t.visit_id
           CROSS JOIN LATERAL lateness_rule(v.area_id, v.service_id, v.client_id) r
           WHERE v.id = ANY (%s) AND r.enabled AND r.escalation_minutes IS NOT NULL
             AND t.closed_at IS NULL AND t.owner_id IS NULL AND t.escalated_at IS NULL
           ON CONFLICT (visit_id, step) DO UPDATE SET due_at = excluded.due_at""",
        (Step.ESCALATION, list(visits)),
    )


def raise_due(conn: db.Conn, organisation: OrganisationId, *, now: datetime) -> list[AlertId]:
    """Take the dues of one organisation that are past, raise or escalate their alerts, and return those.

    Two cores may sweep at once: each due is taken by one of them, a planned start has one alert at most, and
    an alert escalates once. A visit that somebody is just changing, its arrival above all, keeps its due for
    the next sweep; one that is being raised is changed afterwards, and the change sees the alert it closes.
    """
    taken = conn.execute(
        """DELETE FROM alert_dues d USING (
               SELECT a.visit_id, a.step FROM alert_dues a JOIN visits v ON v.id = a.visit_id
               WHERE a.due_at <= %s
               ORDER BY a.due_at, a.step FOR UPDATE OF a SKIP LOCKED FOR SHARE OF v SKIP LOCKED
           ) t
           WHERE d.visit_id = t.visit_id AND d.step = t.step
           RETURNING d.visit_id, d.step, d.due_at""",
        (now,),
    ).fetchall()
    raised: list[AlertId] = []
    for visit, step, due_at in sorted(taken, key=lambda due: (due[1], due[2], due[0])):
        if step == Step.ESCALATION:
            alert = _escalate(conn, visit, now)
        else:
            alert = _raise(conn, visit, step, due_at, now)
        if alert is not None:
            raised.append(alert[0])
            _notify(conn, alert[0], organisation, alert[1], visit)
    _arm_escalations(conn, [visit for visit, step, _ in taken if step != Step.ESCALATION])
    return raised


def _raise(
    conn: db.Conn, visit: VisitId, step: int, due_at: datetime, now: datetime
) -> tuple[AlertId, AreaId] | None:
    row = conn.execute(
        """INSERT INTO alerts (area_id, visit_id, planned_at, step, due_at, raised_at)
           SELECT area_id, id, starts_at, %(step)s, %(due)s, %(now)s FROM visits
           WHERE id = %(visit)s AND arrived_at IS NULL AND left_at IS NULL AND cancelled_at IS NULL
             AND published_at IS NOT NULL
           ON CONFLICT ON CONSTRAINT raised_once DO UPDATE
               SET step = excluded.step, second_at = excluded.raised_at
               WHERE alerts.closed_at IS NULL AND alerts.step < excluded.step
           RETURNING id, area_id""",
        {"visit": visit, "step": step, "due": due_at, "now": now},
    ).fetchone()
    if row is None:
        return None
    audit.record(conn, _ACTOR, "alerts.raise", row[0], now=now, after={"visit": visit, "step": step})
    return AlertId(row[0]), AreaId(row[1])


def _escalate(conn: db.Conn, visit: VisitId, now: datetime) -> tuple[AlertId, AreaId] | None:
    row = conn.execute(
        """UPDATE alerts t SET escalated_at = %s FROM visits v
           WHERE v.id = %s AND t.visit_id = v.id AND t.closed_at IS NULL AND t.owner_id IS NULL
             AND t.escalated_at IS NULL
             AND v.arrived_at IS NULL AND v.left_at IS NULL AND v.cancelled_at IS NULL
           RETURNING t.id, t.area_id""",
        (now, visit),
    ).fetchone()
    if row is None:
        return None
    audit.record(conn, _ACTOR, "alerts.escalate", row[0], now=now, after={"visit": visit})
    return AlertId(row[0]), AreaId(row[1])


def close_from_visits(conn: db.Conn, visits: Sequence[VisitId], *, now: datetime) -> list[AlertId]:
    """Close the open alerts of these visits whose worker has arrived, or which were moved or cancelled."""
    if not visits:
        return []
    rows = conn.execute(
        """UPDATE alerts t
           SET closed_at = %(now)s,
               closing = CASE WHEN v.cancelled_at IS NOT NULL THEN 'cancelled'
                              WHEN v.arrived_at IS NOT NULL OR v.left_at IS NOT NULL THEN 'arrived'
                              ELSE 'moved' END
           FROM visits v
           WHERE t.visit_id = ANY (%(visits)s) AND v.id = t.visit_id AND t.closed_at IS NULL
             AND (v.cancelled_at IS NOT NULL OR v.arrived_at IS NOT NULL OR v.left_at IS NOT NULL
                  OR v.starts_at <> t.planned_at)
           RETURNING t.id, t.organisation_id, t.area_id, t.visit_id, t.closing""",
        {"now": now, "visits": list(visits)},
    ).fetchall()
    for alert, organisation, area, visit, closing in rows:
        audit.record(conn, _ACTOR, "alerts.close", alert, now=now, after={"closing": closing})
        _notify(conn, alert, organisation, area, visit)
    return [AlertId(row[0]) for row in rows]


def reopen_from_visits(conn: db.Conn, visits: Sequence[VisitId], *, now: datetime) -> list[AlertId]:
    """Open again the alerts whose closing arrival was since taken back; `arm` then goes on from there."""
    rows = conn.execute(
        """UPDATE alerts t SET closed_at = NULL, closing = NULL
           FROM visits v
           WHERE t.visit_id = ANY (%s) AND v.id = t.visit_id AND t.closing = 'arrived'
             AND v.arrived_at IS NULL AND v.left_at IS NULL AND v.cancelled_at IS NULL
             AND v.starts_at = t.planned_at
           RETURNING t.id, t.organisation_id, t.area_id, t.visit_id""",
        (list(visits),),
    ).fetchall()
    for alert, organisation, area, visit in rows:
        audit.record(conn, _ACTOR, "alerts.reopen", alert, now=now)
        _notify(conn, alert, organisation, area, visit)
    return [AlertId(row[0]) for row in rows]


class TakenError(InvalidError):
    """Somebody else has the alert."""


def take_in_charge(
    conn: db.Conn, actor: audit.ByUser, alert: AlertId, *, now: datetime, instead_of: UserId | None = None
) -> None:
    """Become the owner of an open alert that nobody has, or that `instead_of` has, whom the actor was shown.

    Raises `TakenError`, which names the owner, when somebody else has it; `NotFoundError`, or `InvalidError`
    when it is closed.
    """
    me = UserId(actor.id)
    row = conn.execute(
        """UPDATE alerts SET owner_id = %(me)s, owned_at = %(now)s
           WHERE id = %(alert)s AND closed_at IS NULL
             AND (owner_id IS NULL OR owner_id IN (%(me)s, %(other)s))
           RETURNING organisation_id, area_id, visit_id""",
        {"me": me, "other": instead_of, "now": now, "alert": alert},
    ).fetchone()
    if row is None:
        raise _why_not_taken(conn, alert)
    audit.record(
        conn,
        actor,
        "alerts.take_in_charge",
        alert,
        now=now,
        before={"owner": instead_of} if instead_of else None,
    )
    _notify(conn, alert, *row)


def give_back(conn: db.Conn, actor: audit.ByUser, alert: AlertId, *, now: datetime) -> None:
    """Let an alert that the actor has be nobody's again: it escalates as if nobody had ever taken it.

    Raises `NotFoundError`, or `InvalidError` when it is closed or not the actor's.
    """
    row = conn.execute(
        """UPDATE alerts SET owner_id = NULL, owned_at = NULL
           WHERE id = %s AND closed_at IS NULL AND owner_id = %s
           RETURNING organisation_id, area_id, visit_id""",
        (alert, UserId(actor.id)),
    ).fetchone()
    if row is None:
        if db.value(conn, bool, "SELECT closed_at IS NULL FROM alerts WHERE id = %s", (alert,)):
            raise InvalidError("Vous n’avez pas cette alerte\N{NO-BREAK SPACE}: seul qui l’a peut la rendre.")
        raise _why_not_taken(conn, alert)
    audit.record(conn, actor, "alerts.give_back", alert, now=now)
    if _arm_escalations(conn, [VisitId(row[2])]):
        conn.execute("SELECT pg_notify('dues', '')")
    _notify(conn, alert, *row)


def _why_not_taken(conn: db.Conn, alert: AlertId) -> HomecareError:
    row = conn.execute(
        """SELECT t.closed_at, u.name FROM alerts t LEFT JOIN users u ON u.id = t.owner_id WHERE t.id = %s""",
        (alert,),
    ).fetchone()
    if row is None:
        return NotFoundError("Cette alerte n’existe pas ou n’est pas accessible avec votre compte.")
    closed_at, owner = row
    if closed_at is not None:
        return InvalidError("Cette alerte est close : l’intervenant est arrivé ou l’intervention a changé.")
    return TakenError(
        f"{owner} s’occupe déjà de cette alerte. Vous pouvez la reprendre à sa place dans la page Alertes."
    )


def _notify(conn: db.Conn, alert: AlertId, organisation: int, area: int, visit: int) -> None:
    db.notify_board(conn, OrganisationId(organisation), AreaId(area), "alert", alert)
    db.notify_board(conn, OrganisationId(organisation), AreaId(area), "visit", visit)


def set_rule(
    conn: db.Conn,
    actor: audit.Actor,
    *,
    now: datetime,
    area: AreaId | None = None,
    service: ServiceId | None = None,
    client: ClientId | None = None,
    enabled: bool = True,
    first_minutes: int = DEFAULT_FIRST_MINUTES,
    second_minutes: int = DEFAULT_SECOND_MINUTES,
    escalation_minutes: int | None = DEFAULT_ESCALATION_MINUTES,
) -> None:
    """Set the thresholds of lateness of a scope and arm anew the visits to come that it covers.

    An alert that nobody took after `escalation_minutes` escalates (None: never). Raises `InvalidError` when
    the second step would come before the first.
    """
    if not 0 <= first_minutes <= second_minutes:
        raise InvalidError("Le second seuil ne peut pas précéder le premier.")
    conn.execute(
        """INSERT INTO alert_rules (area_id, service_id, client_id, enabled, first_minutes, second_minutes,
                                    escalation_minutes)
           VALUES (%s, %s, %s, %s, %s, %s, %s)
           ON CONFLICT ON CONSTRAINT one_rule_per_scope DO UPDATE
           SET enabled = excluded.enabled, first_minutes = excluded.first_minutes,
               second_minutes = excluded.second_minutes, escalation_minutes = excluded.escalation_minutes""",
        (area, service, client, enabled, first_minutes, second_minutes, escalation_minutes),
    )
    _arm_covered(conn, area, service, client, now=now)
    audit.record(
        conn,
        actor,
        "alerts.set_rule",
        client or service or area,
        now=now,
        after={
            "area": area,
            "service": service,
            "client": client,
            "enabled": enabled,
            "first": first_minutes,
            "second": second_minutes,
            "escalation": escalation_minutes,
        },
    )


def remove_rule(conn: db.Conn, actor: audit.Actor, rule: int, *, now: datetime) -> None:
    """Take a rule away and arm anew the visits to come that it covered, by the wider rules.

    Raises `NotFoundError` when there is no such rule.
    """
    scope = conn.execute(
        "DELETE FROM alert_rules WHERE id = %s RETURNING area_id, service_id, client_id", (rule,)
    ).fetchone()
    if scope is None:
        raise NotFoundError("Cette règle n’existe plus.")
    area, service, client = scope
    _arm_covered(conn, area, service, client, now=now)
    audit.record(
        conn,
        actor,
        "alerts.remove_rule",
        client or service or area,
        now=now,
        before={"area": area, "service": service, "client": client},
    )


def _arm_covered(
    conn: db.Conn,
    area: AreaId | None,
    service: ServiceId | None,
    client: ClientId | None,
    *,
    now: datetime,
) -> None:
    """Arm anew the published visits to come of a scope."""
    covered = db.values(
        conn,
        VisitId,
        """SELECT id FROM visits
           WHERE published_at IS NOT NULL AND arrived_at IS NULL AND cancelled_at IS NULL
             AND ends_at > %(now)s
             AND (%(area)s::bigint IS NULL OR area_id = %(area)s)
             AND (%(service)s::bigint IS NULL OR service_id = %(service)s)
             AND (%(client)s::bigint IS NULL OR client_id = %(client)s)""",
        {"now": now, "area": area, "service": service, "client": client},
    )
    arm(conn, covered, now=now)
