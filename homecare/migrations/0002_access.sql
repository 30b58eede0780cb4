-- Access: organisations (tenants), companies, areas, users, roles, sessions, called numbers.

CREATE TABLE organisations (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name text NOT NULL CONSTRAINT name_given CHECK (name <> ''),
    created_at timestamptz NOT NULL
);
ALTER TABLE organisations ENABLE ROW LEVEL SECURITY;
ALTER TABLE organisations FORCE ROW LEVEL SECURITY;
CREATE POLICY organisation ON organisations TO ponctuel_app USING (id = current_organisation());
CREATE POLICY owner ON organisations TO ponctuel_owner USING (true);
GRANT SELECT, UPDATE ON organisations TO ponctuel_app;

CREATE TABLE companies (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    organisation_id bigint NOT NULL DEFAULT current_organisation() REFERENCES organisations,
    name text NOT NULL CONSTRAINT name_given CHECK (name <> ''),
    siret text NOT NULL CONSTRAINT siret_form CHECK (siret ~ '^[0-9]{14}$'),
    iban text,
    agreement text NOT NULL CONSTRAINT known_agreement CHECK (agreement IN ('idcc-2941', 'idcc-3127')),
    UNIQUE (organisation_id, siret)
);
CALL protect('companies', 'SELECT, INSERT, UPDATE');

CREATE TABLE areas (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    organisation_id bigint NOT NULL DEFAULT current_organisation() REFERENCES organisations,
    company_id bigint NOT NULL REFERENCES companies,
    name text NOT NULL CONSTRAINT name_given CHECK (name <> ''),
    communes text[] NOT NULL DEFAULT '{}',
    outline polygon,
    duty_number text CONSTRAINT duty_number_form CHECK (duty_number ~ '^\+[0-9]{6,15}$'),
    UNIQUE (organisation_id, name)
);
CALL protect('areas', 'SELECT, INSERT, UPDATE');

CREATE TABLE users (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    organisation_id bigint NOT NULL DEFAULT current_organisation() REFERENCES organisations,
    email text NOT NULL CONSTRAINT email_form CHECK (email = lower(email) AND email LIKE '%_@_%'),
    name text NOT NULL CONSTRAINT name_given CHECK (name <> ''),
    password_hash text NOT NULL,
    disabled_at timestamptz,
    CONSTRAINT email_is_unique UNIQUE (email)
);
CALL protect('users', 'SELECT, INSERT, UPDATE');

-- A role over one area, or over all of them when no area is named.
CREATE TABLE user_roles (
    organisation_id bigint NOT NULL DEFAULT current_organisation() REFERENCES organisations,
    user_id bigint NOT NULL REFERENCES users,
    role text NOT NULL CONSTRAINT known_role
        CHECK (role IN ('administrator', 'manager', 'coordinator', 'auditor', 'worker')),
    area_id bigint REFERENCES areas,
    CONSTRAINT role_given_once UNIQUE NULLS NOT DISTINCT (user_id, role, area_id)
);
CALL protect('user_roles', 'SELECT, INSERT, DELETE');

CREATE TABLE sessions (
    token_hash bytea PRIMARY KEY,
    organisation_id bigint NOT NULL DEFAULT current_organisation() REFERENCES organisations,
    user_id bigint NOT NULL REFERENCES users,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL
);
CREATE INDEX sessions_of_user ON sessions (user_id);
CALL protect('sessions', 'SELECT, INSERT, UPDATE, DELETE');

-- Failed sign-ins, to slow guessing down. The address is kept hashed: it may be anybody's.
CREATE TABLE sign_in_failures (
    email_hash bytea NOT NULL,
    at timestamptz NOT NULL
);
CREATE INDEX sign_in_failures_of ON sign_in_failures (email_hash, at);
GRANT SELECT, INSERT, DELETE ON sign_in_failures TO ponctuel_app;

CREATE TABLE call_lines (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    organisation_id bigint NOT NULL DEFAULT current_organisation() REFERENCES organisations,
    number text NOT NULL CONSTRAINT number_form CHECK (number ~ '^\+?[0-9]{3,15}$'),
    label text NOT NULL,
    CONSTRAINT called_number_is_unique UNIQUE (number)
);
CALL protect('call_lines', 'SELECT, INSERT, UPDATE, DELETE');

-- What must be looked up before the organisation is known. Each answers ids only.

CREATE FUNCTION find_called_line(called text) RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
AS $$ SELECT organisation_id FROM call_lines WHERE number = called $$;

CREATE FUNCTION find_account(address text) RETURNS TABLE (organisation_id bigint, user_id bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
AS $$ SELECT u.organisation_id, u.id FROM users u WHERE u.email = lower(address) AND u.disabled_at IS NULL $$;

CREATE FUNCTION find_session(token bytea, instant timestamptz)
RETURNS TABLE (organisation_id bigint, user_id bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
AS $$
    SELECT s.organisation_id, s.user_id
    FROM sessions s JOIN users u ON u.id = s.user_id
    WHERE s.token_hash = token AND s.expires_at > instant AND u.disabled_at IS NULL
$$;

CREATE FUNCTION list_organisations() RETURNS SETOF bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
AS $$ SELECT id FROM organisations ORDER BY id $$;

REVOKE EXECUTE ON FUNCTION find_called_line, find_account, find_session, list_organisations FROM PUBLIC;
GRANT EXECUTE ON FUNCTION find_called_line, find_account, find_session, list_organisations TO ponctuel_app;
