-- A home's line or tag that served no punch for a number of planned visits: somebody should see why.
CREATE TABLE silence_settings (
    organisation_id bigint PRIMARY KEY DEFAULT current_organisation() REFERENCES organisations,
    visits integer NOT NULL CONSTRAINT sensible_silence CHECK (visits = 0 OR visits BETWEEN 3 AND 200)
);
CALL protect('silence_settings', 'SELECT, INSERT, UPDATE');

-- A line's silence counts from the first night on which it was watched: of the time before nothing is known.
ALTER TABLE home_lines ADD COLUMN watched_since timestamptz;
GRANT UPDATE (watched_since) ON home_lines TO ponctuel_app;

-- subject: the line's number or the tag's token that a task is about.
ALTER TABLE call_tasks ADD COLUMN subject text;
DO $$
BEGIN
    EXECUTE format(
        'ALTER TABLE call_tasks DROP CONSTRAINT known_kind, ADD CONSTRAINT known_kind CHECK (%s OR %s)',
        (SELECT pg_get_expr(conbin, conrelid) FROM pg_constraint
         WHERE conrelid = 'call_tasks'::regclass AND conname = 'known_kind'),
        $words$kind IN ('silent_line', 'silent_tag')$words$);
END $$;
