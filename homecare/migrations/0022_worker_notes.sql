-- What a worker's telephone says beside a punch: each note once, by the key that the telephone gave it.
CREATE TABLE worker_notes (
    organisation_id bigint NOT NULL DEFAULT current_organisation(),
    worker_id bigint NOT NULL REFERENCES workers,
    key text NOT NULL CONSTRAINT key_form CHECK (key ~ '^[A-Za-z0-9_-]{8,64}$'),
    kind text NOT NULL,
    digest bytea NOT NULL CONSTRAINT digest_sha256 CHECK (length(digest) = 32),
    noted_at timestamptz NOT NULL,
    received_at timestamptz NOT NULL,
    PRIMARY KEY (worker_id, key)
);
CALL protect('worker_notes', 'SELECT, INSERT');

-- A worker says that one of their punches is not right: a task for the coordinators until somebody answers.
CREATE TABLE disputes (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    organisation_id bigint NOT NULL DEFAULT current_organisation(),
    area_id bigint REFERENCES areas,
    worker_id bigint NOT NULL REFERENCES workers,
    punch_id bigint NOT NULL,
    punched_at timestamptz NOT NULL,
    reason text NOT NULL CONSTRAINT known_reason CHECK (reason IN
        ('wrong_time', 'wrong_client', 'wrong_edge', 'not_mine', 'other')),
    comment text NOT NULL DEFAULT '',
    at timestamptz NOT NULL,
    answer text,
    answered_at timestamptz,
    answered_by bigint REFERENCES users,
    CONSTRAINT answered_with_words CHECK ((answer IS NULL) = (answered_at IS NULL))
);
-- One open dispute a punch: a second tap says nothing new.
CREATE UNIQUE INDEX disputed_once ON disputes (punch_id) WHERE answered_at IS NULL;
CREATE INDEX disputes_of_punch ON disputes (punch_id);
CREATE INDEX disputes_recent ON disputes (organisation_id, at DESC);
CALL protect('disputes', 'SELECT, INSERT, UPDATE');
CALL protect_areas('disputes');
