-- Visits: what is to be done, when, where, by whom, and what was really done. One visit is one worker's; two
-- people needed at once are two visits joined by `together_id`.

CREATE TABLE services (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    organisation_id bigint NOT NULL DEFAULT current_organisation() REFERENCES organisations,
    name text NOT NULL CONSTRAINT name_given CHECK (name <> ''),
    tasks text[] NOT NULL DEFAULT '{}',
    UNIQUE (organisation_id, name)
);
CALL protect('services', 'SELECT, INSERT, UPDATE');

CREATE TABLE service_skills (
    organisation_id bigint NOT NULL DEFAULT current_organisation() REFERENCES organisations,
    service_id bigint NOT NULL REFERENCES services,
    skill_id bigint NOT NULL REFERENCES skills,
    level smallint NOT NULL DEFAULT 1,
    mandatory boolean NOT NULL DEFAULT true,
    PRIMARY KEY (service_id, skill_id)
);
CALL protect('service_skills', 'SELECT, INSERT, DELETE');

CREATE TABLE recurrences (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    organisation_id bigint NOT NULL DEFAULT current_organisation() REFERENCES organisations,
    client_id bigint NOT NULL REFERENCES clients,
    home_id bigint NOT NULL REFERENCES homes,
    service_id bigint NOT NULL REFERENCES services,
    weekdays smallint[] NOT NULL
        CONSTRAINT iso_weekdays CHECK (weekdays <@ '{1,2,3,4,5,6,7}' AND weekdays <> '{}'),
    starts time NOT NULL,
    minutes integer NOT NULL CONSTRAINT sensible_length CHECK (minutes BETWEEN 5 AND 1440),
    flexible_minutes integer NOT NULL DEFAULT 0 CONSTRAINT sensible_window CHECK (flexible_minutes BETWEEN 0 AND 720),
    period daterange NOT NULL CONSTRAINT period_not_empty CHECK (NOT isempty(period))
);
CREATE INDEX recurrences_of_client ON recurrences (client_id);
CALL protect('recurrences', 'SELECT, INSERT, UPDATE');

CREATE TABLE visits (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    organisation_id bigint NOT NULL DEFAULT current_organisation() REFERENCES organisations,
    area_id bigint NOT NULL REFERENCES areas,
    client_id bigint NOT NULL REFERENCES clients,
    home_id bigint NOT NULL REFERENCES homes,
    service_id bigint NOT NULL REFERENCES services,
    recurrence_id bigint REFERENCES recurrences,
    recurrence_on date,
    together_id bigint REFERENCES visits,
    worker_id bigint REFERENCES workers,
    pinned boolean NOT NULL DEFAULT false,
    starts_at timestamptz NOT NULL,
    ends_at timestamptz NOT NULL,
    earliest_at timestamptz NOT NULL,
    latest_at timestamptz NOT NULL,
    published_at timestamptz,
    cancelled_at timestamptz,
    arrived_at timestamptz,
    left_at timestamptz,
    revision integer NOT NULL DEFAULT 1,
    CONSTRAINT ends_after_start CHECK (ends_at > starts_at),
    CONSTRAINT start_in_window CHECK (starts_at BETWEEN earliest_at AND latest_at),
    CONSTRAINT leaves_after_arrival CHECK (left_at IS NULL OR arrived_at IS NULL OR left_at >= arrived_at),
    CONSTRAINT made_once UNIQUE (recurrence_id, recurrence_on)
);
CREATE INDEX visits_by_start ON visits (organisation_id, starts_at);
CREATE INDEX visits_of_worker ON visits (worker_id, starts_at) WHERE worker_id IS NOT NULL;
CREATE INDEX visits_of_home ON visits (home_id, starts_at);
CALL protect('visits', 'SELECT, INSERT, UPDATE');
CALL protect_areas('visits');

-- A run of the optimiser: what was asked, how far it got, what it proposes. Kept so that it can be replayed.
CREATE TABLE optimisation_runs (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    organisation_id bigint NOT NULL DEFAULT current_organisation() REFERENCES organisations,
    area_id bigint NOT NULL REFERENCES areas,
    day date NOT NULL,
    seed bigint NOT NULL,
    seconds integer NOT NULL CONSTRAINT sensible_budget CHECK (seconds BETWEEN 1 AND 3600),
    status text NOT NULL DEFAULT 'asked'
        CONSTRAINT known_status CHECK (status IN ('asked', 'running', 'proposed', 'applied', 'dropped', 'failed')),
    asked_by bigint REFERENCES users,
    asked_at timestamptz NOT NULL,
    started_at timestamptz,
    ended_at timestamptz,
    stop_asked boolean NOT NULL DEFAULT false,
    progress jsonb NOT NULL DEFAULT '[]',
    instance jsonb,
    instance_hash text,
    outcome jsonb,
    failure text
);
CREATE INDEX optimisation_runs_recent ON optimisation_runs (organisation_id, asked_at DESC);
CALL protect('optimisation_runs', 'SELECT, INSERT, UPDATE');
CALL protect_areas('optimisation_runs');

-- What a run proposes for one visit, beside what it found (revision: refused when somebody moved it since).
CREATE TABLE proposal_changes (
    organisation_id bigint NOT NULL DEFAULT current_organisation() REFERENCES organisations,
    run_id bigint NOT NULL REFERENCES optimisation_runs ON DELETE CASCADE,
    visit_id bigint NOT NULL REFERENCES visits,
    revision integer NOT NULL,
    worker_id bigint REFERENCES workers,
    starts_at timestamptz NOT NULL,
    applied_at timestamptz,
    PRIMARY KEY (run_id, visit_id)
);
CALL protect('proposal_changes', 'SELECT, INSERT, UPDATE');
