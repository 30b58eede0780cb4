-- What a coordinator decided of a punch that waited: linked to a visit, or rejected with a reason. A row holds what
-- stood before, so that taking the decision back gives it back; it is kept then too.

DO $$
BEGIN
    EXECUTE format(
        'ALTER TABLE punch_matches DROP CONSTRAINT known_doubt, ADD CONSTRAINT known_doubt CHECK (%s OR %s)',
        (SELECT pg_get_expr(conbin, conrelid) FROM pg_constraint
         WHERE conrelid = 'punch_matches'::regclass AND conname = 'known_doubt'),
        $words$doubt = 'rejected'$words$);
END $$;

-- Whether a punch waits for a person: the one definition, inlined into every query that asks.
CREATE FUNCTION punch_waits(visit bigint, doubt text) RETURNS boolean
LANGUAGE sql IMMUTABLE
AS $$ SELECT visit IS NULL AND doubt NOT IN ('at_agency', 'rejected') $$;

DROP INDEX punch_matches_waiting;
CREATE INDEX punch_matches_waiting ON punch_matches (organisation_id, punched_at DESC)
    WHERE visit_id IS NULL AND doubt NOT IN ('at_agency', 'rejected');

CREATE TABLE punch_decisions (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    organisation_id bigint NOT NULL DEFAULT current_organisation(),
    punch_id bigint NOT NULL REFERENCES punch_matches,
    outcome text NOT NULL CONSTRAINT known_outcome CHECK (outcome IN ('linked', 'rejected')),
    reason text CONSTRAINT known_reason CHECK (reason IN ('duplicate', 'mistake', 'stranger', 'no_work', 'other')),
    comment text NOT NULL DEFAULT '',
    -- Whether the source itself named the visit's home and its worker; else its proof is the coordinator's word.
    is_proved boolean NOT NULL DEFAULT false,
    -- Whoever punched took the place of whom the plan had; null with `is_replacement`: of nobody.
    is_replacement boolean NOT NULL DEFAULT false,
    replaced_worker_id bigint REFERENCES workers,
    -- What stood before.
    home_id bigint REFERENCES homes,
    worker_id bigint REFERENCES workers,
    edge text,
    doubt text NOT NULL,
    decided_by bigint NOT NULL REFERENCES users,
    decided_at timestamptz NOT NULL,
    taken_back_by bigint REFERENCES users,
    taken_back_at timestamptz,
    CONSTRAINT rejected_with_reason CHECK ((outcome = 'rejected') = (reason IS NOT NULL)),
    CONSTRAINT taken_back_by_somebody CHECK ((taken_back_by IS NULL) = (taken_back_at IS NULL))
);
CREATE UNIQUE INDEX decided_once ON punch_decisions (punch_id) WHERE taken_back_at IS NULL;
CREATE INDEX punch_decisions_of ON punch_decisions (punch_id);
CALL protect('punch_decisions', 'SELECT, INSERT, UPDATE');
GRANT DELETE ON shared_punches TO ponctuel_app;
