-- Whether a punch from an unknown or hidden number is proved by ringing the home's registered line. No row: no.
CREATE TABLE call_back_settings (
    organisation_id bigint PRIMARY KEY DEFAULT current_organisation() REFERENCES organisations,
    is_on boolean NOT NULL
);
CALL protect('call_back_settings', 'SELECT, INSERT, UPDATE');

-- The rings that were promised: the key keeps a call to one of them, the times keep their number within bounds.
CREATE TABLE call_backs (
    organisation_id bigint NOT NULL DEFAULT current_organisation() REFERENCES organisations,
    call_ref text NOT NULL,
    home_id bigint NOT NULL REFERENCES homes,
    asked_at timestamptz NOT NULL,
    PRIMARY KEY (organisation_id, call_ref)
);
CREATE INDEX call_backs_by_time ON call_backs (organisation_id, asked_at);
CALL protect('call_backs', 'SELECT, INSERT');

-- The best grade among the punches of one gesture: same visit, same edge, same instant. A call-back has its first
-- call's instant, so it lends that punch its grade; the raw rows stay as they were made.
CREATE FUNCTION best_proof(visit bigint, which text, at timestamptz, own text) RETURNS text
LANGUAGE sql STABLE
AS $$
    SELECT least(own, min(p.proof))
    FROM punch_matches m JOIN punches p ON p.id = m.punch_id AND p.punched_at = m.punched_at
    WHERE m.visit_id = visit AND m.edge = which AND m.punched_at = at AND p.punched_at = at
$$;
