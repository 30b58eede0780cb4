-- The lowest grade of proof that is accepted without a remark, by period: the agency's (no client), or one client's,
-- which wins. No row: nothing is asked. It never blocks a punch.
CREATE TABLE proof_minimums (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    organisation_id bigint NOT NULL DEFAULT current_organisation() REFERENCES organisations,
    client_id bigint REFERENCES clients,
    minimum text NOT NULL CONSTRAINT known_minimum CHECK (minimum IN ('A', 'B', 'C', 'D')),
    period daterange NOT NULL CONSTRAINT period_not_empty CHECK (NOT isempty(period)),
    CONSTRAINT one_minimum_at_a_time
        EXCLUDE USING gist (organisation_id WITH =, coalesce(client_id, 0) WITH =, period WITH &&)
);
CALL protect('proof_minimums', 'SELECT, INSERT, UPDATE, DELETE');

-- The minimum at an instant for a client: theirs, else the agency's, else none. NULL is a client nobody knows.
CREATE FUNCTION proof_minimum(client bigint, at timestamptz) RETURNS text
LANGUAGE sql STABLE
AS $$
    SELECT minimum FROM proof_minimums
    WHERE (client_id = client OR client_id IS NULL) AND period @> (at AT TIME ZONE 'Europe/Paris')::date
    ORDER BY client_id NULLS LAST LIMIT 1
$$;
