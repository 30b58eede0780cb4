-- Tablets of day centres, which show a code that changes every thirty seconds, and the codes that were used.
-- What a tablet proves itself with is kept as a hash; its codes' key is kept nowhere (punches.site_codes).
CREATE TABLE site_tablets (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    organisation_id bigint NOT NULL DEFAULT current_organisation() REFERENCES organisations,
    site_id bigint NOT NULL REFERENCES sites,
    label text NOT NULL CONSTRAINT label_given CHECK (label <> ''),
    enrol_hash bytea CONSTRAINT enrol_hash_is_unique UNIQUE,
    enrol_until timestamptz NOT NULL,
    token_hash bytea CONSTRAINT token_hash_is_unique UNIQUE,
    enrolled_at timestamptz,
    revoked_at timestamptz,
    CONSTRAINT enrolled_once CHECK ((token_hash IS NULL) = (enrolled_at IS NULL))
);
CALL protect('site_tablets', 'SELECT, INSERT, UPDATE');

CREATE TABLE site_code_uses (
    organisation_id bigint NOT NULL DEFAULT current_organisation(),
    tablet_id bigint NOT NULL REFERENCES site_tablets,
    moment bigint NOT NULL,
    worker_id bigint NOT NULL REFERENCES workers,
    punch_key text NOT NULL,
    PRIMARY KEY (tablet_id, moment, worker_id)
);
CALL protect('site_code_uses', 'SELECT, INSERT');

-- A tablet is known by its token before its organisation is.
CREATE FUNCTION find_tablet(token bytea) RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
AS $$ SELECT organisation_id FROM site_tablets WHERE token_hash = token OR enrol_hash = token $$;
REVOKE EXECUTE ON FUNCTION find_tablet FROM PUBLIC;
GRANT EXECUTE ON FUNCTION find_tablet TO ponctuel_app;

-- What is known already stays known, whatever other migrations have added.
DO $$
BEGIN
    EXECUTE format(
        'ALTER TABLE punch_refusals DROP CONSTRAINT known_status, ADD CONSTRAINT known_status CHECK (%s OR %s)',
        (SELECT pg_get_expr(conbin, conrelid) FROM pg_constraint
         WHERE conrelid = 'punch_refusals'::regclass AND conname = 'known_status'),
        $words$status IN ('code_forged', 'code_expired', 'code_reused')$words$);
END $$;
