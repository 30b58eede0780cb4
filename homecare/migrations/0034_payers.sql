-- Who pays, wholly or in part, for a client's visits; and the proof that a payer asks of punches, by period.

-- A retired payer keeps its row: what it asked before `retired_on` stays true of those days.
CREATE TABLE payers (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    organisation_id bigint NOT NULL DEFAULT current_organisation() REFERENCES organisations,
    kind text NOT NULL CONSTRAINT known_kind
        CHECK (kind IN ('department', 'pension_fund', 'insurer', 'social_centre', 'other')),
    name text NOT NULL CONSTRAINT name_given CHECK (name <> ''),
    retired_on date,
    CONSTRAINT payer_of_its_organisation UNIQUE (organisation_id, id)
);
CREATE UNIQUE INDEX payer_name_in_use_once ON payers (organisation_id, lower(name)) WHERE retired_on IS NULL;
CALL protect('payers', 'SELECT, INSERT, UPDATE');

-- The keys carry the organisation: a foreign key looks past row-level security.
CREATE TABLE client_payers (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    organisation_id bigint NOT NULL DEFAULT current_organisation() REFERENCES organisations,
    client_id bigint NOT NULL REFERENCES clients,
    payer_id bigint NOT NULL,
    period daterange NOT NULL CONSTRAINT period_not_empty CHECK (NOT isempty(period)),
    CONSTRAINT payer_of_the_same_organisation
        FOREIGN KEY (organisation_id, payer_id) REFERENCES payers (organisation_id, id),
    CONSTRAINT pays_once_at_a_time
        EXCLUDE USING gist (client_id WITH =, payer_id WITH =, period WITH &&)
);
CREATE INDEX client_payers_of_payer ON client_payers (payer_id);
CALL protect('client_payers', 'SELECT, INSERT, UPDATE, DELETE');

-- The third kind of minimum: a payer's, for all the clients it pays for.
ALTER TABLE proof_minimums
    ADD COLUMN payer_id bigint,
    ADD CONSTRAINT of_a_client_or_a_payer CHECK (client_id IS NULL OR payer_id IS NULL),
    ADD CONSTRAINT payer_of_the_same_organisation
        FOREIGN KEY (organisation_id, payer_id) REFERENCES payers (organisation_id, id),
    DROP CONSTRAINT one_minimum_at_a_time,
    ADD CONSTRAINT one_minimum_at_a_time EXCLUDE USING gist
        (organisation_id WITH =, coalesce(client_id, 0) WITH =, coalesce(payer_id, 0) WITH =, period WITH &&);
CREATE INDEX proof_minimums_of_client ON proof_minimums (client_id);
CREATE INDEX proof_minimums_of_payer ON proof_minimums (payer_id);

-- What is asked of punches at a client's at an instant, A being the strictest, and who asks that much: the agency or,
-- in its stead, the client's own minimum (`asker`), and every payer in force (`payers`, by name). No row: nothing.
CREATE FUNCTION proof_asked(client bigint, at timestamptz) RETURNS TABLE (minimum text, asker text, payers text[])
LANGUAGE sql STABLE
AS $$
    SELECT d.minimum, max(d.asker),
           coalesce(array_agg(d.payer ORDER BY plain(d.payer)) FILTER (WHERE d.payer IS NOT NULL), '{}')
    FROM (SELECT (at AT TIME ZONE 'Europe/Paris')::date AS day) today CROSS JOIN LATERAL (
        (SELECT m.minimum, CASE WHEN m.client_id IS NULL THEN 'agency' ELSE 'client' END AS asker, NULL AS payer
         FROM proof_minimums m
         WHERE m.payer_id IS NULL AND (m.client_id = client OR m.client_id IS NULL) AND m.period @> today.day
         ORDER BY m.client_id NULLS LAST LIMIT 1)
        UNION ALL
        SELECT m.minimum, NULL, p.name
        FROM client_payers c JOIN payers p ON p.id = c.payer_id JOIN proof_minimums m ON m.payer_id = p.id
        WHERE c.client_id = client AND c.period @> today.day AND m.period @> today.day
          AND (p.retired_on IS NULL OR p.retired_on > today.day)
    ) d
    GROUP BY d.minimum ORDER BY d.minimum LIMIT 1
$$;

CREATE OR REPLACE FUNCTION proof_minimum(client bigint, at timestamptz) RETURNS text
LANGUAGE sql STABLE
AS $$ SELECT minimum FROM proof_asked(client, at) $$;
