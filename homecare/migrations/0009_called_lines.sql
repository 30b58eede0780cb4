-- The called numbers of all organisations, which the core remembers for when the database is away: a call is then
-- still known to be somebody's, and its punch is kept. Numbers that are public, and ids.
CREATE FUNCTION list_called_lines() RETURNS TABLE (number text, organisation_id bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
AS $$ SELECT number, organisation_id FROM call_lines ORDER BY number $$;

REVOKE EXECUTE ON FUNCTION list_called_lines FROM PUBLIC;
GRANT EXECUTE ON FUNCTION list_called_lines TO ponctuel_app;
