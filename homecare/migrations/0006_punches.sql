-- Punches: raw rows are append-only for the application (no UPDATE, no DELETE); what was made of them stands
-- beside, in punch_matches.

CREATE SEQUENCE punch_ids;
GRANT USAGE ON SEQUENCE punch_ids TO ponctuel_app;

CREATE TABLE punches (
    organisation_id bigint NOT NULL DEFAULT current_organisation(),
    id bigint NOT NULL,
    channel text NOT NULL
        CONSTRAINT known_channel CHECK (channel IN ('phone', 'nfc', 'qr', 'app', 'box', 'manual')),
    source_ref text NOT NULL,
    punched_at timestamptz NOT NULL,
    received_at timestamptz NOT NULL,
    claim jsonb NOT NULL,
    digest bytea NOT NULL,
    proof text NOT NULL CONSTRAINT known_proof CHECK (proof IN ('A', 'B', 'C', 'D')),
    core_instance text NOT NULL,
    chain_number bigint NOT NULL,
    chain_hash bytea NOT NULL,
    PRIMARY KEY (id, punched_at)
);
SELECT create_hypertable('punches', 'punched_at', chunk_time_interval => INTERVAL '1 week',
                         associated_schema_name => 'chunks', create_default_indexes => false);
CREATE INDEX punches_by_time ON punches (organisation_id, punched_at DESC);
CALL protect('punches', 'SELECT, INSERT');

-- Identity of a punch, given by its source. A plain table, because a hypertable's unique key contains the time:
-- a key resent with another time must be seen, not stored twice.
CREATE TABLE punch_keys (
    organisation_id bigint NOT NULL DEFAULT current_organisation(),
    channel text NOT NULL,
    source_ref text NOT NULL,
    punch_id bigint NOT NULL,
    punched_at timestamptz NOT NULL,
    digest bytea NOT NULL,
    PRIMARY KEY (organisation_id, channel, source_ref)
);
CALL protect('punch_keys', 'SELECT, INSERT');

-- The same key with another content: kept and shown, never silent.
CREATE TABLE punch_conflicts (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    organisation_id bigint NOT NULL DEFAULT current_organisation(),
    channel text NOT NULL,
    source_ref text NOT NULL,
    received_at timestamptz NOT NULL,
    claim jsonb NOT NULL,
    digest bytea NOT NULL,
    CONSTRAINT conflict_kept_once UNIQUE (organisation_id, channel, source_ref, digest)
);
CALL protect('punch_conflicts', 'SELECT, INSERT');

-- Head of the hash chain of each (organisation, core instance), so that two cores never wait for each other.
CREATE TABLE punch_chains (
    organisation_id bigint NOT NULL DEFAULT current_organisation(),
    core_instance text NOT NULL,
    number bigint NOT NULL,
    hash bytea NOT NULL,
    PRIMARY KEY (organisation_id, core_instance)
);
CALL protect('punch_chains', 'SELECT, INSERT, UPDATE');

-- What was made of a punch: home, worker, edge, visit, or the reason why it waits.
CREATE TABLE punch_matches (
    organisation_id bigint NOT NULL DEFAULT current_organisation(),
    punch_id bigint PRIMARY KEY,
    punched_at timestamptz NOT NULL,
    channel text NOT NULL,
    home_id bigint REFERENCES homes,
    worker_id bigint REFERENCES workers,
    edge text CONSTRAINT known_edge CHECK (edge IN ('arrival', 'departure')),
    visit_id bigint REFERENCES visits,
    doubt text CONSTRAINT known_doubt CHECK (doubt IN
        ('unknown_home', 'unknown_worker', 'no_visit', 'several_visits', 'repeated', 'pending')),
    settled_at timestamptz NOT NULL,
    CONSTRAINT matched_or_waiting CHECK ((visit_id IS NULL) = (doubt IS NOT NULL) OR doubt = 'repeated')
);
CREATE INDEX punch_matches_by_time ON punch_matches (organisation_id, punched_at DESC);
CREATE INDEX punch_matches_of_visit ON punch_matches (visit_id) WHERE visit_id IS NOT NULL;
CREATE INDEX punch_matches_waiting ON punch_matches (organisation_id, punched_at DESC) WHERE visit_id IS NULL;
CALL protect('punch_matches', 'SELECT, INSERT, UPDATE');

-- Attempts that ended without a punch, with their typed reason: seen on the board.
CREATE TABLE punch_refusals (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    organisation_id bigint NOT NULL DEFAULT current_organisation(),
    area_id bigint REFERENCES areas,
    channel text NOT NULL,
    source_ref text NOT NULL,
    status text NOT NULL CONSTRAINT known_status CHECK (status IN
        ('bad_pin', 'bad_home_code', 'hang_up', 'unauthorised_phone', 'bad_payload', 'foreign_code', 'forged')),
    home_id bigint REFERENCES homes,
    worker_id bigint REFERENCES workers,
    at timestamptz NOT NULL,
    CONSTRAINT refusal_kept_once UNIQUE (organisation_id, channel, source_ref, status)
);
CREATE INDEX punch_refusals_recent ON punch_refusals (organisation_id, at DESC);
CALL protect('punch_refusals', 'SELECT, INSERT');
CALL protect_areas('punch_refusals');

-- A wish to be called back, a concern reported at departure: something a coordinator has to do.
CREATE TABLE call_tasks (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    organisation_id bigint NOT NULL DEFAULT current_organisation(),
    area_id bigint REFERENCES areas,
    kind text NOT NULL CONSTRAINT known_kind CHECK (kind IN ('call_back', 'concern')),
    visit_id bigint REFERENCES visits,
    home_id bigint REFERENCES homes,
    worker_id bigint REFERENCES workers,
    recording text,
    source_ref text NOT NULL,
    at timestamptz NOT NULL,
    done_at timestamptz,
    done_by bigint REFERENCES users,
    CONSTRAINT task_kept_once UNIQUE (organisation_id, kind, source_ref)
);
CALL protect('call_tasks', 'SELECT, INSERT, UPDATE');
CALL protect_areas('call_tasks');

-- Tasks of the visit answered at departure: done, not done, refused by the client.
CREATE TABLE task_answers (
    organisation_id bigint NOT NULL DEFAULT current_organisation(),
    visit_id bigint NOT NULL REFERENCES visits,
    task text NOT NULL,
    answer text NOT NULL CONSTRAINT known_answer CHECK (answer IN ('done', 'not_done', 'refused')),
    at timestamptz NOT NULL,
    PRIMARY KEY (visit_id, task)
);
CALL protect('task_answers', 'SELECT, INSERT, UPDATE');

CREATE TABLE devices (
    name text PRIMARY KEY CONSTRAINT name_form CHECK (name ~ '^[a-z]+-[0-9a-z]{2,30}$'),
    organisation_id bigint NOT NULL DEFAULT current_organisation() REFERENCES organisations,
    label text NOT NULL,
    home_id bigint REFERENCES homes,
    online boolean,
    seen_at timestamptz
);
CALL protect('devices', 'SELECT, INSERT, UPDATE');

CREATE TABLE device_events (
    organisation_id bigint NOT NULL DEFAULT current_organisation(),
    device text NOT NULL,
    at timestamptz NOT NULL,
    kind text NOT NULL,
    details jsonb NOT NULL DEFAULT '{}'
);
SELECT create_hypertable('device_events', 'at', chunk_time_interval => INTERVAL '1 week',
                         associated_schema_name => 'chunks', create_default_indexes => false);
CREATE INDEX device_events_of ON device_events (organisation_id, device, at DESC);
CALL protect('device_events', 'SELECT, INSERT');

CREATE FUNCTION find_device(device text) RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
AS $$ SELECT organisation_id FROM devices WHERE name = device $$;

CREATE FUNCTION find_tag(tag text) RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
AS $$ SELECT organisation_id FROM home_tags WHERE token = tag AND retired_at IS NULL $$;

REVOKE EXECUTE ON FUNCTION find_device, find_tag FROM PUBLIC;
GRANT EXECUTE ON FUNCTION find_device, find_tag TO ponctuel_app;
