-- The ledger's sealed days: one row a day and organisation, in a chain of their own. Nothing changes one afterwards.
-- heads: the last link of each core's chain that it covers.
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

-- A seal covers the links of each chain from the seal before it: they are read by their numbers.
CREATE INDEX punches_by_link ON punches (organisation_id, core_instance, chain_number);
