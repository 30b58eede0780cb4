-- Two people at one card, and one form sent twice. A card's revision grows with every change of what its form shows:
-- whoever saves says which one they read. A form that creates is taken once: a second sending leads to what the first
-- made.

ALTER TABLE clients ADD COLUMN revision integer NOT NULL DEFAULT 1;
ALTER TABLE homes ADD COLUMN revision integer NOT NULL DEFAULT 1;
ALTER TABLE workers ADD COLUMN revision integer NOT NULL DEFAULT 1;

CREATE TABLE sent_forms (
    organisation_id bigint NOT NULL DEFAULT current_organisation() REFERENCES organisations,
    digest bytea NOT NULL,
    leads_to text NOT NULL DEFAULT '',
    sent_at timestamptz NOT NULL,
    PRIMARY KEY (organisation_id, digest)
);
CREATE INDEX sent_forms_by_age ON sent_forms (organisation_id, sent_at);
CALL protect('sent_forms', 'SELECT, INSERT, UPDATE, DELETE');
