-- Workers' telephones that sign what they send. `id` is the SHA-256 of the public key, in hexadecimal: whoever has the
-- key can tell that it is this telephone's. A telephone that was withdrawn keeps its row: what it signed stays checkable.
CREATE TABLE worker_phones (
    organisation_id bigint NOT NULL DEFAULT current_organisation() REFERENCES organisations,
    id text NOT NULL CONSTRAINT id_form CHECK (id ~ '^[0-9a-f]{64}$'),
    worker_id bigint NOT NULL REFERENCES workers,
    public_key bytea NOT NULL,
    label text NOT NULL,
    invited boolean NOT NULL,
    enrolled_at timestamptz NOT NULL,
    revoked_at timestamptz,
    revoked_by bigint REFERENCES users,
    skew_seconds integer,
    PRIMARY KEY (organisation_id, id),
    CONSTRAINT revoked_by_somebody CHECK ((revoked_at IS NULL) = (revoked_by IS NULL))
);
CREATE INDEX worker_phones_of ON worker_phones (worker_id);
CALL protect('worker_phones', 'SELECT, INSERT, UPDATE');

-- Invitations: a link shown once, good for one telephone and not for long. Kept hashed, like a session.
CREATE TABLE phone_invitations (
    token_hash bytea PRIMARY KEY,
    organisation_id bigint NOT NULL DEFAULT current_organisation() REFERENCES organisations,
    worker_id bigint NOT NULL REFERENCES workers,
    created_at timestamptz NOT NULL,
    created_by bigint NOT NULL REFERENCES users,
    expires_at timestamptz NOT NULL,
    used_at timestamptz
);
CREATE INDEX phone_invitations_of ON phone_invitations (worker_id);
CALL protect('phone_invitations', 'SELECT, INSERT, UPDATE');

-- Of the link's secret alone: whose it is. Used and expired ones are found too, so that they are refused by name.
CREATE FUNCTION find_invitation(token bytea) RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
AS $$ SELECT organisation_id FROM phone_invitations WHERE token_hash = token $$;

REVOKE EXECUTE ON FUNCTION find_invitation FROM PUBLIC;
GRANT EXECUTE ON FUNCTION find_invitation TO ponctuel_app;
