-- Escalation: an alert that nobody took within so many minutes is marked, and shown to who answers for the others.

-- The most precise rule says after how many minutes; NULL: never.
ALTER TABLE alert_rules ADD COLUMN escalation_minutes integer DEFAULT 10
    CONSTRAINT sensible_escalation CHECK (escalation_minutes BETWEEN 1 AND 240);

-- What was called escalation until now is the second step; the word is needed for what it means.
ALTER TABLE alerts RENAME COLUMN escalated_at TO second_at;
ALTER TABLE alerts ADD COLUMN escalated_at timestamptz;

-- The third due of a visit is the escalation of its open alert.
ALTER TABLE alert_dues DROP CONSTRAINT two_steps;
ALTER TABLE alert_dues ADD CONSTRAINT known_step CHECK (step IN (1, 2, 3));

-- The rule that applies to a visit, the organisation's own or the usual one when there is none more precise.
CREATE FUNCTION lateness_rule(area bigint, service bigint, client bigint)
RETURNS TABLE (enabled boolean, first_minutes integer, second_minutes integer, escalation_minutes integer)
LANGUAGE sql STABLE AS $$
    SELECT r.enabled, r.first_minutes, r.second_minutes, r.escalation_minutes
    FROM (
        SELECT a.enabled, a.first_minutes, a.second_minutes, a.escalation_minutes,
               (a.client_id IS NOT NULL)::int * 4 + (a.service_id IS NOT NULL)::int * 2
                   + (a.area_id IS NOT NULL)::int AS precision
        FROM alert_rules a
        WHERE (a.area_id IS NULL OR a.area_id = area) AND (a.service_id IS NULL OR a.service_id = service)
          AND (a.client_id IS NULL OR a.client_id = client)
        UNION ALL SELECT true, 8, 13, 10, -1
    ) r ORDER BY r.precision DESC LIMIT 1
$$;

CREATE OR REPLACE FUNCTION lateness_steps(area bigint, service bigint, client bigint)
RETURNS TABLE (step smallint, minutes integer)
LANGUAGE sql STABLE AS $$
    SELECT s.step, s.minutes
    FROM lateness_rule(area, service, client) rule
    CROSS JOIN LATERAL (VALUES (1::smallint, rule.first_minutes), (2::smallint, rule.second_minutes))
        AS s (step, minutes)
    WHERE rule.enabled
$$;
