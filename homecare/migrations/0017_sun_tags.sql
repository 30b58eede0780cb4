-- Tags that prove themselves (NTAG 424 DNA): each tap carries a message under the tag's own keys and a counter.
-- keys: sealed under the installation's master key; uid: the chip's, 7 bytes. used_at: the last tap that was kept.
ALTER TABLE home_tags
    ADD COLUMN kind text NOT NULL DEFAULT 'plain' CONSTRAINT known_kind CHECK (kind IN ('plain', 'sun')),
    ADD COLUMN uid bytea CONSTRAINT uid_length CHECK (length(uid) = 7),
    ADD COLUMN keys bytea,
    ADD COLUMN used_at timestamptz,
    ADD CONSTRAINT sun_tag_has_keys CHECK (kind = 'plain' OR (uid IS NOT NULL AND keys IS NOT NULL));

-- A chip is stuck at one place, of whichever organisation.
CREATE UNIQUE INDEX chip_enrolled_once ON home_tags (uid) WHERE retired_at IS NULL;

-- Every counter of a tag that was used, and by which punch: none is used twice. The first is the enrolment's own.
CREATE TABLE tag_taps (
    organisation_id bigint NOT NULL DEFAULT current_organisation() REFERENCES organisations,
    token text NOT NULL REFERENCES home_tags,
    counter integer NOT NULL CONSTRAINT counter_of_three_bytes CHECK (counter BETWEEN 0 AND 16777215),
    channel text NOT NULL,
    source_ref text NOT NULL,
    tapped_at timestamptz NOT NULL,
    PRIMARY KEY (token, counter)
);
CALL protect('tag_taps', 'SELECT, INSERT');

-- A tag that is to be written at an enrolment station: the code is shown once, and is good for one tag.
CREATE TABLE tag_enrolments (
    code_hash bytea PRIMARY KEY,
    organisation_id bigint NOT NULL DEFAULT current_organisation() REFERENCES organisations,
    home_id bigint NOT NULL REFERENCES homes,
    kind text NOT NULL CONSTRAINT known_kind CHECK (kind IN ('plain', 'sun')),
    token text NOT NULL,
    keys bytea,
    begun_by bigint NOT NULL REFERENCES users,
    expires_at timestamptz NOT NULL,
    finished_at timestamptz,
    CONSTRAINT sun_tag_gets_keys CHECK ((kind = 'sun') = (keys IS NOT NULL))
);
CALL protect('tag_enrolments', 'SELECT, INSERT, UPDATE');

-- A station knows a code and nobody's session.
CREATE FUNCTION find_tag_enrolment(hash bytea) RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
AS $$ SELECT organisation_id FROM tag_enrolments WHERE code_hash = hash $$;
REVOKE EXECUTE ON FUNCTION find_tag_enrolment FROM PUBLIC;
GRANT EXECUTE ON FUNCTION find_tag_enrolment TO ponctuel_app;

-- What is known already stays known: the new words join those that stand.
DO $$
BEGIN
    EXECUTE format(
        'ALTER TABLE punch_refusals DROP CONSTRAINT known_status, ADD CONSTRAINT known_status CHECK (%s OR %s)',
        (SELECT pg_get_expr(conbin, conrelid) FROM pg_constraint
         WHERE conrelid = 'punch_refusals'::regclass AND conname = 'known_status'),
        $words$status IN ('tag_unproved', 'tag_forged', 'tag_replayed')$words$);
END $$;
