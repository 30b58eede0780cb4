-- Run by the superuser at each start: the roles, the database and what only a superuser may do in it.
-- The passwords come from the environment. Everything else is the business of the migrations, run by the owner.
\getenv owner_password OWNER_PASSWORD
\getenv app_password APP_PASSWORD
SET client_min_messages = warning;

SELECT format('CREATE ROLE %I', role)
  FROM unnest(ARRAY['ponctuel_owner', 'ponctuel_app']) AS role
 WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = role)
\gexec

-- The owner makes databases too: those of the tests, and the one in which a backup is tried.
ALTER ROLE ponctuel_owner LOGIN CREATEDB NOSUPERUSER NOBYPASSRLS PASSWORD :'owner_password';
ALTER ROLE ponctuel_app LOGIN NOCREATEDB NOSUPERUSER NOBYPASSRLS PASSWORD :'app_password';

SELECT 'CREATE DATABASE ponctuel OWNER ponctuel_owner'
 WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'ponctuel')
\gexec

REVOKE ALL ON DATABASE ponctuel FROM PUBLIC;
GRANT CONNECT ON DATABASE ponctuel TO ponctuel_app;

\connect ponctuel
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS timescaledb;
CREATE EXTENSION IF NOT EXISTS btree_gist;
ALTER SCHEMA public OWNER TO ponctuel_owner;
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO ponctuel_app;

-- Row-level security protects a hypertable, not its chunks. Those live in a schema that only the owner may name
-- (`create_hypertable(…, associated_schema_name => 'chunks')`); the extension's own schema cannot be closed, since
-- each session looks its catalogue up there.
CREATE SCHEMA IF NOT EXISTS chunks AUTHORIZATION ponctuel_owner;
