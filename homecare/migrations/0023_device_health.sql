-- How a box or reader feels, as it last said, and since when it is there or away.
ALTER TABLE devices
    ADD COLUMN changed_at timestamptz,
    ADD COLUMN reader boolean,
    ADD COLUMN waiting integer CONSTRAINT waiting_counted CHECK (waiting >= 0);
