-- A second free number, carried by another operator, keeps the telephone open when one of them fails.
ALTER TABLE call_lines ADD COLUMN trunk text NOT NULL DEFAULT 'operator'
    CONSTRAINT known_trunk CHECK (trunk IN ('operator', 'operator-2'));

-- Whether each number was heard to answer, once a night and on demand. `asked_at` null: wanted, not rung yet.
CREATE TABLE line_checks (
    organisation_id bigint NOT NULL DEFAULT current_organisation() REFERENCES organisations,
    line_id bigint NOT NULL REFERENCES call_lines ON DELETE CASCADE,
    day date NOT NULL,
    asked_at timestamptz,
    ended_at timestamptz,
    outcome text CONSTRAINT known_outcome CHECK (outcome IN ('heard', 'silent', 'unanswered')),
    PRIMARY KEY (line_id, day)
);
CALL protect('line_checks', 'SELECT, INSERT, UPDATE');
