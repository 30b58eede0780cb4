-- What a telephone signed, entry by entry: its number, its hash, and what does not fit. An entry that was refused for
-- another reason than its signature (a code of nobody's) has no punch; its number is not missing all the same.
CREATE TABLE phone_entries (
    organisation_id bigint NOT NULL DEFAULT current_organisation(),
    phone_id text NOT NULL,
    number bigint NOT NULL CONSTRAINT number_positive CHECK (number > 0),
    entry_hash bytea NOT NULL CONSTRAINT entry_sha256 CHECK (length(entry_hash) = 32),
    punch_id bigint,
    flags text[] NOT NULL CONSTRAINT known_flags CHECK (flags <@ ARRAY
        ['gap', 'fork', 'clock_back', 'clock_wrong', 'unknown_phone']),
    missing bigint NOT NULL DEFAULT 0 CONSTRAINT missing_counted CHECK (missing >= 0),
    skew_seconds integer,
    PRIMARY KEY (organisation_id, phone_id, number, entry_hash)
);
CREATE INDEX phone_entries_of_punch ON phone_entries (punch_id) WHERE punch_id IS NOT NULL;
CALL protect('phone_entries', 'SELECT, INSERT, UPDATE');
