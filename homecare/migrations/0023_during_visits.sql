-- What a worker says of a visit while it is open: outings with the client, expenses, kilometres, comments.

CREATE TABLE outings (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    organisation_id bigint NOT NULL DEFAULT current_organisation(),
    area_id bigint NOT NULL REFERENCES areas,
    visit_id bigint NOT NULL REFERENCES visits,
    worker_id bigint NOT NULL REFERENCES workers,
    kind text NOT NULL CONSTRAINT known_kind CHECK (kind IN ('walk', 'shopping')),
    started_at timestamptz NOT NULL,
    ended_at timestamptz CONSTRAINT ends_after_start CHECK (ended_at >= started_at)
);
CREATE INDEX outings_of_visit ON outings (visit_id);
CREATE UNIQUE INDEX one_outing_at_a_time ON outings (visit_id) WHERE ended_at IS NULL;
CALL protect('outings', 'SELECT, INSERT, UPDATE');
CALL protect_areas('outings');

CREATE TABLE visit_reports (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    organisation_id bigint NOT NULL DEFAULT current_organisation(),
    area_id bigint NOT NULL REFERENCES areas,
    visit_id bigint NOT NULL REFERENCES visits,
    worker_id bigint NOT NULL REFERENCES workers,
    kind text NOT NULL CONSTRAINT known_kind CHECK (kind IN ('expense', 'mileage', 'comment')),
    amount numeric(12, 2) CONSTRAINT amount_is_paid CHECK (amount > 0),
    km numeric(6, 1) CONSTRAINT km_are_driven CHECK (km > 0),
    text text NOT NULL DEFAULT '',
    at timestamptz NOT NULL,
    CONSTRAINT expense_has_amount CHECK ((kind = 'expense') = (amount IS NOT NULL)),
    CONSTRAINT mileage_has_km CHECK ((kind = 'mileage') = (km IS NOT NULL)),
    CONSTRAINT comment_has_words CHECK (kind <> 'comment' OR text <> '')
);
CREATE INDEX visit_reports_of_visit ON visit_reports (visit_id);
CALL protect('visit_reports', 'SELECT, INSERT');
CALL protect_areas('visit_reports');
