-- Alerts: rules with their thresholds, the instants at which a visit becomes late, the alerts raised.

-- The most precise rule wins: client, then service, then area, then the organisation's.
CREATE TABLE alert_rules (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    organisation_id bigint NOT NULL DEFAULT current_organisation() REFERENCES organisations,
    area_id bigint REFERENCES areas,
    service_id bigint REFERENCES services,
    client_id bigint REFERENCES clients,
    enabled boolean NOT NULL DEFAULT true,
    first_minutes integer NOT NULL DEFAULT 8 CONSTRAINT sensible_first CHECK (first_minutes BETWEEN 0 AND 240),
    second_minutes integer NOT NULL DEFAULT 13 CONSTRAINT second_after_first CHECK (second_minutes >= first_minutes),
    CONSTRAINT one_rule_per_scope UNIQUE NULLS NOT DISTINCT (organisation_id, area_id, service_id, client_id)
);
CALL protect('alert_rules', 'SELECT, INSERT, UPDATE, DELETE');

-- Thresholds that apply to a visit: none when the most precise rule is switched off, 8 and 13 minutes without any
-- rule.
CREATE FUNCTION lateness_steps(area bigint, service bigint, client bigint)
RETURNS TABLE (step smallint, minutes integer)
LANGUAGE sql STABLE AS $$
    SELECT s.step, s.minutes
    FROM (
        SELECT enabled, first_minutes, second_minutes FROM (
            SELECT enabled, first_minutes, second_minutes,
                   (client_id IS NOT NULL)::int * 4 + (service_id IS NOT NULL)::int * 2
                       + (area_id IS NOT NULL)::int AS precision
            FROM alert_rules
            WHERE (area_id IS NULL OR area_id = area) AND (service_id IS NULL OR service_id = service)
              AND (client_id IS NULL OR client_id = client)
            UNION ALL SELECT true, 8, 13, -1
        ) r ORDER BY precision DESC LIMIT 1
    ) rule
    CROSS JOIN LATERAL (VALUES (1::smallint, rule.first_minutes), (2::smallint, rule.second_minutes))
        AS s (step, minutes)
    WHERE rule.enabled
$$;

-- The present instants at which a visit becomes late. Armed with the visit's publication, in its transaction.
CREATE TABLE alert_dues (
    organisation_id bigint NOT NULL DEFAULT current_organisation() REFERENCES organisations,
    visit_id bigint NOT NULL REFERENCES visits,
    step smallint NOT NULL CONSTRAINT two_steps CHECK (step IN (1, 2)),
    due_at timestamptz NOT NULL,
    PRIMARY KEY (visit_id, step)
);
CREATE INDEX alert_dues_next ON alert_dues (due_at);
CALL protect('alert_dues', 'SELECT, INSERT, UPDATE, DELETE');

CREATE TABLE alerts (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    organisation_id bigint NOT NULL DEFAULT current_organisation() REFERENCES organisations,
    area_id bigint NOT NULL REFERENCES areas,
    visit_id bigint NOT NULL REFERENCES visits,
    kind text NOT NULL DEFAULT 'lateness' CONSTRAINT known_kind CHECK (kind IN ('lateness')),
    planned_at timestamptz NOT NULL,
    step smallint NOT NULL CONSTRAINT two_steps CHECK (step IN (1, 2)),
    due_at timestamptz NOT NULL,
    raised_at timestamptz NOT NULL,
    escalated_at timestamptz,
    owner_id bigint REFERENCES users,
    owned_at timestamptz,
    closed_at timestamptz,
    closing text CONSTRAINT known_closing CHECK (closing IN ('arrived', 'moved', 'cancelled')),
    CONSTRAINT raised_once UNIQUE (visit_id, kind, planned_at),
    CONSTRAINT closed_with_reason CHECK ((closed_at IS NULL) = (closing IS NULL))
);
CREATE INDEX alerts_open ON alerts (organisation_id, raised_at) WHERE closed_at IS NULL;
CALL protect('alerts', 'SELECT, INSERT, UPDATE');
CALL protect_areas('alerts');

-- The sweep looks over all organisations; it learns instants and ids only.
CREATE FUNCTION next_alert_due() RETURNS timestamptz
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
AS $$ SELECT min(due_at) FROM alert_dues $$;

CREATE FUNCTION organisations_with_alerts_due(instant timestamptz) RETURNS SETOF bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
AS $$ SELECT DISTINCT organisation_id FROM alert_dues WHERE due_at <= instant $$;

REVOKE EXECUTE ON FUNCTION next_alert_due, organisations_with_alerts_due FROM PUBLIC;
GRANT EXECUTE ON FUNCTION next_alert_due, organisations_with_alerts_due TO ponctuel_app;
