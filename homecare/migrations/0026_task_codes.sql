-- How the agency takes tasks at departure on the telephone: read one by one, keyed by their codes, or not at all.
CREATE TABLE task_settings (
    organisation_id bigint PRIMARY KEY DEFAULT current_organisation() REFERENCES organisations,
    mode text NOT NULL CONSTRAINT known_mode CHECK (mode IN ('none', 'read', 'keyed'))
);
CALL protect('task_settings', 'SELECT, INSERT, UPDATE');

-- The agency's codes. A retired code keeps its row; the code may be given to another task.
CREATE TABLE task_codes (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    organisation_id bigint NOT NULL DEFAULT current_organisation() REFERENCES organisations,
    code text NOT NULL CONSTRAINT code_form CHECK (code ~ '^[0-9]{2,3}$' AND code !~ '^0+$'),
    label text NOT NULL CONSTRAINT label_given CHECK (label <> ''),
    retired_at timestamptz
);
CREATE UNIQUE INDEX task_code_in_use_once ON task_codes (organisation_id, code) WHERE retired_at IS NULL;
CREATE UNIQUE INDEX task_label_in_use_once ON task_codes (organisation_id, lower(label)) WHERE retired_at IS NULL;
CALL protect('task_codes', 'SELECT, INSERT, UPDATE');

-- The code that was keyed, and what it meant then: `task` is the label of that day.
ALTER TABLE task_answers ADD COLUMN code text;
