-- Ground: who the present transaction works for, the one way to protect a table, the demonstration's clock,
-- the audit trail.

CREATE EXTENSION IF NOT EXISTS btree_gist;

-- Fails when nobody was named: a forgotten organisation is an error, never an empty page.
CREATE FUNCTION current_organisation() RETURNS bigint
LANGUAGE sql STABLE PARALLEL SAFE
AS $$ SELECT current_setting('app.organisation_id')::bigint $$;

-- True when the present actor may see the area. Without a restriction every area of the organisation is visible;
-- rows that belong to no area are visible to all.
CREATE FUNCTION area_in_reach(area bigint) RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE
AS $$
    SELECT coalesce(current_setting('app.area_ids', true), '') = ''
        OR area IS NULL
        OR area = ANY (string_to_array(current_setting('app.area_ids', true), ',')::bigint[])
$$;

-- Every business table goes through this once: the application's role sees its organisation's rows only, the
-- owner (migrations, retention, the few listed look-ups) sees all. `rights` are what the application may do.
CREATE PROCEDURE protect(business_table regclass, rights text)
LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', business_table);
    EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', business_table);
    EXECUTE format(
        'CREATE POLICY organisation ON %s TO ponctuel_app USING (organisation_id = current_organisation())',
        business_table);
    EXECUTE format('CREATE POLICY owner ON %s TO ponctuel_owner USING (true)', business_table);
    EXECUTE format('GRANT %s ON %s TO ponctuel_app', rights, business_table);
END
$$;

-- For tables with an area: whoever is restricted to some areas reaches no other, whatever the query.
CREATE PROCEDURE protect_areas(business_table regclass)
LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format(
        'CREATE POLICY area ON %s AS RESTRICTIVE TO ponctuel_app USING (area_in_reach(area_id))',
        business_table);
END
$$;

CREATE TABLE installation (
    only_row boolean PRIMARY KEY DEFAULT true CONSTRAINT one_installation CHECK (only_row),
    demo boolean NOT NULL,
    UNIQUE (only_row, demo)
);
GRANT SELECT ON installation TO ponctuel_app;

-- Shown time of a demonstration. The foreign key is the guard: where the installation is real, no row can exist.
CREATE TABLE demo_clock (
    only_row boolean PRIMARY KEY DEFAULT true CONSTRAINT one_clock CHECK (only_row),
    demo boolean GENERATED ALWAYS AS (true) STORED,
    origin_real timestamptz NOT NULL,
    origin_shown timestamptz NOT NULL,
    speed numeric(6, 2) NOT NULL CONSTRAINT sensible_speed CHECK (speed > 0 AND speed <= 1000),
    CONSTRAINT demonstration_only FOREIGN KEY (only_row, demo) REFERENCES installation (only_row, demo)
);
GRANT SELECT, INSERT, UPDATE ON demo_clock TO ponctuel_app;

CREATE SEQUENCE audit_event_ids;
GRANT USAGE ON SEQUENCE audit_event_ids TO ponctuel_app;

CREATE TABLE audit_events (
    organisation_id bigint NOT NULL DEFAULT current_organisation(),
    id bigint NOT NULL DEFAULT nextval('audit_event_ids'),
    at timestamptz NOT NULL,
    actor text NOT NULL,
    action text NOT NULL CONSTRAINT action_is_tagged CHECK (action ~ '^[a-z_]+\.[a-z_]+$'),
    subject_id bigint,
    before jsonb,
    after jsonb,
    PRIMARY KEY (id, at)
);
SELECT create_hypertable('audit_events', 'at', chunk_time_interval => INTERVAL '1 month',
                         associated_schema_name => 'chunks', create_default_indexes => false);
CREATE INDEX audit_events_subject ON audit_events (organisation_id, action, subject_id, at DESC);
CALL protect('audit_events', 'SELECT, INSERT');
