-- The ledger's sealed days: one row a day and organisation, in a chain of their own. Nothing changes one afterwards.
CREATE TABLE ledger_seals (
    organisation_id bigint NOT NULL DEFAULT current_organisation() REFERENCES organisations,
    day date NOT NULL,
    lines bigint NOT NULL CONSTRAINT lines_counted CHECK (lines >= 0),
    root bytea NOT NULL CONSTRAINT root_sha256 CHECK (length(root) = 32),
    seal bytea NOT NULL CONSTRAINT seal_sha256 CHECK (length(seal) = 32),
    heads jsonb NOT NULL,
    PRIMARY KEY (organisation_id, day)
);
CALL protect('ledger_seals', 'SELECT, INSERT');

-- Reception follows insertion nearly everywhere: a block range index costs a punch next to nothing.
CREATE INDEX punches_by_reception ON punches USING brin (received_at);
