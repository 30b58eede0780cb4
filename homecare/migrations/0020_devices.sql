-- How a box or reader feels, as it last said, and since when it is there or away.
ALTER TABLE devices
    ADD COLUMN changed_at timestamptz,
    ADD COLUMN reader boolean,
    ADD COLUMN waiting integer CONSTRAINT waiting_counted CHECK (waiting >= 0);

-- A badge at the agency's own reader: somebody came to the office. It waits for nobody.
DO $$
BEGIN
    EXECUTE format(
        'ALTER TABLE punch_matches DROP CONSTRAINT known_doubt, ADD CONSTRAINT known_doubt CHECK (%s OR %s)',
        (SELECT pg_get_expr(conbin, conrelid) FROM pg_constraint
         WHERE conrelid = 'punch_matches'::regclass AND conname = 'known_doubt'),
        $words$doubt = 'at_agency'$words$);
END $$;
