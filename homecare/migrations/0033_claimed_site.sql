-- The other place than a home that a punch names, as kept in its claim; null when it names a home. The cast stays
-- inside the CASE: a tag's token or a line is no number, and a plan may look at the two conditions of a join in
-- any order.

CREATE FUNCTION claimed_site(claim jsonb) RETURNS bigint
LANGUAGE sql IMMUTABLE
AS $$
    SELECT CASE WHEN claim -> 'where' ->> 0 IN ('site', 'site_code') THEN (claim -> 'where' ->> 1)::bigint END
$$;
