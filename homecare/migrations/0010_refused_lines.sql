-- Lines from which the organisation takes no call. The row stays when the refusal is lifted: who refused, who
-- lifted, and when.
CREATE TABLE refused_lines (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    organisation_id bigint NOT NULL DEFAULT current_organisation() REFERENCES organisations,
    number text NOT NULL CONSTRAINT number_form CHECK (number ~ '^\+[0-9]{6,15}$'),
    reason text NOT NULL CONSTRAINT reason_given CHECK (reason <> ''),
    refused_at timestamptz NOT NULL,
    refused_by bigint NOT NULL REFERENCES users,
    lifted_at timestamptz,
    lifted_by bigint REFERENCES users,
    CONSTRAINT lifted_by_somebody CHECK ((lifted_at IS NULL) = (lifted_by IS NULL))
);
CREATE UNIQUE INDEX line_refused_once ON refused_lines (organisation_id, number) WHERE lifted_at IS NULL;
CALL protect('refused_lines', 'SELECT, INSERT, UPDATE');

-- From which number an attempt on the telephone came, as the network gave it; NULL: hidden, or no telephone.
ALTER TABLE punch_refusals ADD COLUMN caller text
    CONSTRAINT caller_form CHECK (caller ~ '^\+?[0-9]{3,18}$');
