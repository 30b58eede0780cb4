-- What a worker said at departure, as a WAV file; erased some time after somebody has dealt with it. Who may see the
-- task may hear it.
CREATE TABLE voice_notes (
    organisation_id bigint NOT NULL DEFAULT current_organisation() REFERENCES organisations,
    task_id bigint PRIMARY KEY REFERENCES call_tasks,
    message bytea NOT NULL
);
CALL protect('voice_notes', 'SELECT, INSERT, DELETE');
