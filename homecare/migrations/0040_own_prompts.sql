-- What an agency recorded itself for the telephone to say in place of a phrase in the standard voice, as Asterisk plays
-- it. Its file is named after its digest: a call that plays the one before hears it to its end, and no file is ever taken
-- for another's.
CREATE TABLE own_prompts (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    organisation_id bigint NOT NULL DEFAULT current_organisation() REFERENCES organisations,
    language text NOT NULL CONSTRAINT language_is_a_word CHECK (language ~ '^[a-z]+(-[a-z]+)?$'),
    phrase text NOT NULL CONSTRAINT phrase_is_a_word CHECK (phrase ~ '^[a-z_]+$'),
    sound bytea NOT NULL CONSTRAINT sound_not_empty CHECK (octet_length(sound) > 44),
    digest bytea NOT NULL GENERATED ALWAYS AS (sha256(sound)) STORED,
    seconds numeric(4, 1) NOT NULL,
    recorded_at timestamptz NOT NULL,
    CONSTRAINT one_recording_a_phrase UNIQUE (organisation_id, language, phrase)
);
CALL protect('own_prompts', 'SELECT, INSERT, UPDATE, DELETE');

-- What every core has to have beside Asterisk, of all organisations: ids, phrases and digests, no sound.
CREATE FUNCTION list_own_prompts() RETURNS TABLE (organisation_id bigint, language text, phrase text, digest text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
AS $$
    SELECT organisation_id, language, phrase, left(encode(digest, 'hex'), 32)
    FROM own_prompts ORDER BY organisation_id, language, phrase
$$;

REVOKE EXECUTE ON FUNCTION list_own_prompts FROM PUBLIC;
GRANT EXECUTE ON FUNCTION list_own_prompts TO ponctuel_app;
