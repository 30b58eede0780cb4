-- What an outside authority answered for a day's seal (RFC 3161): its token, as it came. Nothing changes one afterwards.
-- stamped_at: the instant that the authority vouches for, real time.
CREATE TABLE ledger_stamps (
    organisation_id bigint NOT NULL DEFAULT current_organisation(),
    day date NOT NULL,
    token bytea NOT NULL CONSTRAINT token_of_an_authority CHECK (length(token) BETWEEN 1 AND 65536),
    stamped_at timestamptz NOT NULL,
    received_at timestamptz NOT NULL,
    PRIMARY KEY (organisation_id, day),
    FOREIGN KEY (organisation_id, day) REFERENCES ledger_seals
);
CALL protect('ledger_stamps', 'SELECT, INSERT');
