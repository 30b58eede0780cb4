-- Workers: people who go to the homes; contracts, skills and availability as dated rows.

CREATE TABLE workers (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    organisation_id bigint NOT NULL DEFAULT current_organisation() REFERENCES organisations,
    company_id bigint NOT NULL REFERENCES companies,
    area_id bigint NOT NULL REFERENCES areas,
    user_id bigint REFERENCES users CONSTRAINT one_worker_per_account UNIQUE,
    last_name text NOT NULL CONSTRAINT last_name_given CHECK (last_name <> ''),
    first_name text NOT NULL CONSTRAINT first_name_given CHECK (first_name <> ''),
    phone text CONSTRAINT phone_form CHECK (phone ~ '^\+[0-9]{6,15}$'),
    nir text CONSTRAINT nir_form CHECK (nir ~ '^[0-9AB]{15}$'),
    language text NOT NULL DEFAULT 'fr' CONSTRAINT known_language CHECK (language IN ('fr', 'en', 'ar', 'pt', 'es')),
    travel_mode text NOT NULL DEFAULT 'car' CONSTRAINT known_mode CHECK (travel_mode IN ('car', 'bike', 'foot')),
    street text NOT NULL DEFAULT '',
    postal_code text NOT NULL DEFAULT '',
    city text NOT NULL DEFAULT '',
    lon double precision,
    lat double precision,
    code_hash bytea,
    left_on date,
    CONSTRAINT code_is_unique UNIQUE (organisation_id, code_hash)
);
CREATE INDEX workers_by_name ON workers (organisation_id, last_name, first_name);
CALL protect('workers', 'SELECT, INSERT, UPDATE');

CREATE TABLE worker_badges (
    token text PRIMARY KEY,
    organisation_id bigint NOT NULL DEFAULT current_organisation() REFERENCES organisations,
    worker_id bigint NOT NULL REFERENCES workers,
    enrolled_at timestamptz NOT NULL,
    retired_at timestamptz
);
CALL protect('worker_badges', 'SELECT, INSERT, UPDATE');

CREATE TABLE contracts (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    organisation_id bigint NOT NULL DEFAULT current_organisation() REFERENCES organisations,
    worker_id bigint NOT NULL REFERENCES workers,
    period daterange NOT NULL CONSTRAINT period_not_empty CHECK (NOT isempty(period)),
    weekly_minutes integer NOT NULL CONSTRAINT sensible_week CHECK (weekly_minutes BETWEEN 0 AND 2880),
    CONSTRAINT one_contract_at_a_time EXCLUDE USING gist (worker_id WITH =, period WITH &&)
);
CALL protect('contracts', 'SELECT, INSERT, UPDATE');

CREATE TABLE skills (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    organisation_id bigint NOT NULL DEFAULT current_organisation() REFERENCES organisations,
    name text NOT NULL CONSTRAINT name_given CHECK (name <> ''),
    UNIQUE (organisation_id, name)
);
CALL protect('skills', 'SELECT, INSERT, UPDATE');

CREATE TABLE worker_skills (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    organisation_id bigint NOT NULL DEFAULT current_organisation() REFERENCES organisations,
    worker_id bigint NOT NULL REFERENCES workers,
    skill_id bigint NOT NULL REFERENCES skills,
    level smallint NOT NULL DEFAULT 1 CONSTRAINT level_scale CHECK (level BETWEEN 1 AND 3),
    period daterange NOT NULL CONSTRAINT period_not_empty CHECK (NOT isempty(period)),
    CONSTRAINT skill_held_once EXCLUDE USING gist (worker_id WITH =, skill_id WITH =, period WITH &&)
);
CALL protect('worker_skills', 'SELECT, INSERT, UPDATE, DELETE');

-- Weekly hours in which the worker may be planned, wall time in Paris.
CREATE TABLE availabilities (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    organisation_id bigint NOT NULL DEFAULT current_organisation() REFERENCES organisations,
    worker_id bigint NOT NULL REFERENCES workers,
    weekday smallint NOT NULL CONSTRAINT iso_weekday CHECK (weekday BETWEEN 1 AND 7),
    starts time NOT NULL,
    ends time NOT NULL,
    period daterange NOT NULL,
    CONSTRAINT ends_after_start CHECK (ends > starts)
);
CREATE INDEX availabilities_of_worker ON availabilities (worker_id, weekday);
CALL protect('availabilities', 'SELECT, INSERT, UPDATE, DELETE');

-- A worker who cannot go where there is a dog; a client who refuses a worker, or the reverse.
CREATE TABLE worker_bans (
    organisation_id bigint NOT NULL DEFAULT current_organisation() REFERENCES organisations,
    worker_id bigint NOT NULL REFERENCES workers,
    trait_id bigint NOT NULL REFERENCES traits,
    reason text NOT NULL DEFAULT '',
    PRIMARY KEY (worker_id, trait_id)
);
CALL protect('worker_bans', 'SELECT, INSERT, DELETE');

CREATE TABLE refusals (
    organisation_id bigint NOT NULL DEFAULT current_organisation() REFERENCES organisations,
    client_id bigint NOT NULL REFERENCES clients,
    worker_id bigint NOT NULL REFERENCES workers,
    reason text NOT NULL DEFAULT '',
    PRIMARY KEY (client_id, worker_id)
);
CALL protect('refusals', 'SELECT, INSERT, DELETE');
