-- Wrong entries on the telephone of the last day, to slow guessing down: by line, over all lines that are no home's,
-- by worker (codes of devices). subject: whom they are counted for.
CREATE TABLE wrong_entries (
    organisation_id bigint NOT NULL DEFAULT current_organisation() REFERENCES organisations,
    subject text NOT NULL,
    at timestamptz NOT NULL
);
CREATE INDEX wrong_entries_of ON wrong_entries (organisation_id, subject, at);
CALL protect('wrong_entries', 'SELECT, INSERT, DELETE');
