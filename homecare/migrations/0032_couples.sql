-- One punch for a couple: beside the visit in punch_matches, the other one that the same punch opened or closed.

CREATE TABLE shared_punches (
    organisation_id bigint NOT NULL DEFAULT current_organisation(),
    punch_id bigint NOT NULL REFERENCES punch_matches,
    visit_id bigint NOT NULL REFERENCES visits,
    PRIMARY KEY (punch_id, visit_id)
);
CREATE INDEX shared_punches_of_visit ON shared_punches (visit_id);
CALL protect('shared_punches', 'SELECT, INSERT');

-- The client of the other visit, as a screen names a client.
CREATE FUNCTION other_client(punch bigint) RETURNS text
LANGUAGE sql STABLE
AS $$
    SELECT trim(upper(c.last_name) || ' ' || c.first_name)
    FROM shared_punches o JOIN visits v ON v.id = o.visit_id JOIN clients c ON c.id = v.client_id
    WHERE o.punch_id = punch
$$;
