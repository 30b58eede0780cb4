-- A number that only rings: it is never answered, and the line that let it ring is rung back.
ALTER TABLE call_lines ADD COLUMN rings_only boolean NOT NULL DEFAULT false;

-- A home's telephone on which nothing can be keyed: only from such a line does a missed call count.
ALTER TABLE home_lines ADD COLUMN without_keys boolean NOT NULL DEFAULT false;
GRANT UPDATE (without_keys) ON home_lines TO ponctuel_app;

-- The missed calls that are rung back. `called_at` and `rung_at` are real instants: they bound what the trunk carries.
-- `worker_id` and `edge` are what the plan says of the instant of the call; null: it is not clear.
CREATE TABLE missed_calls (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    organisation_id bigint NOT NULL DEFAULT current_organisation() REFERENCES organisations,
    call_ref text NOT NULL,
    called text NOT NULL,
    line text NOT NULL,
    called_at timestamptz NOT NULL,
    at timestamptz NOT NULL,
    home_id bigint REFERENCES homes,
    worker_id bigint REFERENCES workers,
    edge text CONSTRAINT known_edge CHECK (edge IN ('arrival', 'departure')),
    rings smallint NOT NULL DEFAULT 0,
    rung_at timestamptz NOT NULL,
    outcome text CONSTRAINT known_outcome CHECK (outcome IN
        ('confirmed', 'keyed', 'told', 'hung_up', 'unanswered', 'late')),
    CONSTRAINT missed_once UNIQUE (organisation_id, call_ref),
    CONSTRAINT somebody_does_something CHECK ((worker_id IS NULL) = (edge IS NULL))
);
-- One at a time on each line.
CREATE UNIQUE INDEX missed_calls_pending ON missed_calls (organisation_id, line) WHERE outcome IS NULL;
CREATE INDEX missed_calls_by_time ON missed_calls (organisation_id, called_at);
CALL protect('missed_calls', 'SELECT, INSERT, UPDATE');

-- The numbers of all organisations that only ring, which the core tells the telephone exchange. Numbers are public.
CREATE FUNCTION list_ringing_lines() RETURNS SETOF text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
AS $$ SELECT number FROM call_lines WHERE rings_only ORDER BY number $$;

REVOKE EXECUTE ON FUNCTION list_ringing_lines FROM PUBLIC;
GRANT EXECUTE ON FUNCTION list_ringing_lines TO ponctuel_app;

-- A check of such a number: it rang, and the core saw the call.
ALTER TABLE line_checks DROP CONSTRAINT known_outcome,
    ADD CONSTRAINT known_outcome CHECK (outcome IN ('heard', 'silent', 'unanswered', 'seen'));

DO $$
BEGIN
    EXECUTE format(
        'ALTER TABLE call_tasks DROP CONSTRAINT known_kind, ADD CONSTRAINT known_kind CHECK (%s OR %s)',
        (SELECT pg_get_expr(conbin, conrelid) FROM pg_constraint
         WHERE conrelid = 'call_tasks'::regclass AND conname = 'known_kind'),
        $words$kind IN ('missed_unclear', 'missed_cancelled', 'missed_unanswered', 'missed_late')$words$);
    EXECUTE format(
        'ALTER TABLE punch_refusals DROP CONSTRAINT known_status, ADD CONSTRAINT known_status CHECK (%s OR %s)',
        (SELECT pg_get_expr(conbin, conrelid) FROM pg_constraint
         WHERE conrelid = 'punch_refusals'::regclass AND conname = 'known_status'),
        $words$status IN ('missed_unknown', 'missed_with_keys', 'missed_too_often')$words$);
END $$;
